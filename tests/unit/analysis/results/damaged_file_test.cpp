// Results files that were damaged: refused with words, without a crash and without the memory that they ask for.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>

#include "analysis/export/results_table.hpp"
#include "analysis/results/atomic_file.hpp"
#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

constexpr std::size_t seal_bytes = 32;

const std::vector<std::byte>& image() {
  static const auto bytes = image_of(tiny_scenario());
  return bytes;
}

/// What reading all of a file comes to; empty where it is read.
std::string told(const std::vector<std::byte>& bytes) {
  return complaint_of([&] { static_cast<void>(totals_table(ResultsFile("f.h5", bytes))); });
}

/// Most memory, in MB, that a process of its own needs for reading; -1 where it does not come to its end.
long peak_mb(const std::vector<std::byte>& bytes) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string what = told(bytes);
    ::_exit(what.empty() || what.find("f.h5") != std::string::npos || what.find("HDF5") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(::wait4(child, &status, 0, &usage) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? usage.ru_maxrss / 1024 : -1;
}

/// Where the file says of a variable that it is two hours by one entity: the lengths, then the most that they may
/// become.
std::vector<std::size_t> hourly_shapes(const std::vector<std::byte>& bytes) {
  const std::array<std::uint64_t, 4> shape = {2, 1, 2, 1};
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at + sizeof shape <= bytes.size(); ++at) {
    if (std::memcmp(bytes.data() + at, shape.data(), sizeof shape) == 0) places.push_back(at);
  }
  return places;
}

}  // namespace

TEST_CASE("a byte of a results file that was changed is noticed", "[results]") {
  auto bytes = image();
  REQUIRE(told(bytes).empty());
  const std::size_t step = 131;
  for (std::size_t at = 0; at < bytes.size() - seal_bytes; at += step) {
    const auto before = bytes[at];
    bytes[at] ^= std::byte{0x40};
    CHECK(told(bytes) == "f.h5: damaged: its bytes are not those that fleetwatt wrote");
    bytes[at] = before;
  }
  CHECK(told(bytes).empty());
  for (std::size_t size = 0; size < bytes.size() - seal_bytes; size += 997) {  // without its hash alone it is whole
    auto cut = bytes;
    cut.resize(size);
    CHECK_FALSE(told(cut).empty());
  }
}

TEST_CASE("the same from the disk, and by every command", "[results]") {
  const TemporaryFolder folder;
  auto bytes = image();
  bytes[bytes.size() / 2] ^= std::byte{1};
  write_atomically(folder.path("f.h5"), bytes);
  for (const std::vector<std::string>& args : {std::vector<std::string>{"show", folder.path("f.h5")},
                                               {"export", folder.path("f.h5"), "-o", "-"},
                                               {"compare", folder.path("f.h5"), folder.path("f.h5")}}) {
    const auto run = run_program(args);
    CHECK(run.code == ExitCode::io);
    CHECK_THAT(run.err, Contains("f.h5: damaged: its bytes are not those that fleetwatt wrote"));
  }
}

TEST_CASE("a file of another program's making, without our hash, is read", "[results]") {
  auto bytes = image();
  bytes.resize(bytes.size() - seal_bytes);
  CHECK(told(bytes).empty());
}

TEST_CASE("lengths that the file cannot hold are refused before there is memory for them", "[results]") {
  auto whole = image();
  whole.resize(whole.size() - seal_bytes);  // as if another program had written it
  const long plain_mb = peak_mb(whole);
  REQUIRE(plain_mb > 0);
  const auto places = hourly_shapes(whole);
  REQUIRE(places.size() > 20);
  for (const std::uint64_t length : {std::uint64_t{0xFFFFFFFF}, std::uint64_t{3}, std::uint64_t{1} << 62}) {
    for (std::size_t i = 0; i < places.size(); i += 9) {
      auto damaged = whole;
      for (const std::size_t field : {std::size_t{0}, std::size_t{16}})
        std::memcpy(damaged.data() + places[i] + field, &length, 8);
      INFO("length " << length << " at " << places[i]);
      CHECK_THAT(told(damaged), Contains("f.h5: damaged: `"));
      const long mb = peak_mb(damaged);
      CHECK(mb > 0);
      CHECK(mb < plain_mb + 100);
    }
  }
}

TEST_CASE("numbers for texts, and texts for numbers", "[results]") {
  Hdf5Image made;
  made.add_dimension("site", std::vector<std::int64_t>{1, 2});
  made.add_dimension("region", std::vector<std::string>{"CISO"});
  const auto bytes = made.bytes();
  const Hdf5Reader reader("f.h5", bytes);
  CHECK_THAT(complaint_of([&] { static_cast<void>(reader.texts("site")); }),
             Contains("f.h5: damaged: `site` holds no texts"));
  CHECK_THAT(complaint_of([&] { static_cast<void>(reader.numbers("region")); }),
             Contains("f.h5: damaged: `region` holds no numbers"));
  CHECK_THAT(complaint_of([&] { static_cast<void>(reader.numbers("none")); }), Contains("`none` cannot be opened"));
  CHECK(reader.rows("site", 1, 1) == std::vector<double>{2});
  CHECK_THAT(complaint_of([&] { static_cast<void>(reader.rows("site", 1, 2)); }), Contains("fewer rows"));
}
