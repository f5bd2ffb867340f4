// A side file that was cut off, edited or mixed up: never a crash, and never a figure that no run had.
#include "analysis/sweep/partial_file.hpp"

#include <catch2/catch.hpp>

#include "analysis/results/quantities.hpp"
#include "sim/random_stream.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;

namespace {

const nlohmann::ordered_json identity = {{"format", "fleetwatt sweep partial 2"}, {"version", "1"}, {"build", "b"}};
constexpr std::size_t runs = 4;

/// One site, nothing else; two hours of its load.
RunRecord record_of_run(std::size_t run) {
  RunRecord record;
  record.run = run;
  record.hours = 2;
  record.labels[0] = {"a"};
  for (const auto& quantity : quantities()) {
    const bool has_one = quantity.dimension == "site" || quantity.dimension == "total";
    record.totals.emplace_back(has_one ? 1 : 0, 1.5 + static_cast<double>(run));
  }
  record.series = {{1.0, 2.0}};
  record.inputs = {"price.csv 0123456789abcdef"};
  return record;
}

struct Side {
  TemporaryFolder folder;
  std::string path = folder.path("s.partial");

  [[nodiscard]] PartialFile open(Earlier earlier = Earlier::resume, const nlohmann::ordered_json& of = identity) const {
    return PartialFile(path, of, earlier, {runs, {find_variable("site_load_mw")}});
  }
  /// A side file with runs 2, 0 and 1.
  [[nodiscard]] std::string written() const {
    std::filesystem::remove(path);
    auto file = open();
    for (const std::size_t run : {2, 0, 1}) file.append(record_of_run(run));
    return folder.read("s.partial");
  }
  /// The runs that are read from such a text, each as it was; nullopt where the file is refused.
  [[nodiscard]] std::optional<std::vector<std::size_t>> runs_in(const std::string& text,
                                                                std::size_t* dropped = nullptr) const {
    folder.write("s.partial", text);
    std::vector<std::size_t> found;
    try {
      const auto file = open();
      if (dropped != nullptr) *dropped = file.dropped();
      file.for_each([&](const RunRecord& record) {
        CHECK(json_line(record) == json_line(record_of_run(record.run)));
        found.push_back(record.run);
      });
      CHECK(file.finished(runs).size() == runs);
    } catch (const sim::InputError& error) {
      CHECK(std::string(error.what()).size() > 20);
      return std::nullopt;
    }
    return found;
  }
};

using Runs = std::vector<std::size_t>;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line + "\n");
  return lines;
}

}  // namespace

TEST_CASE("a side file that was cut off keeps its whole lines", "[sweep]") {
  const Side side;
  const std::string text = side.written();
  const auto lines = lines_of(text);
  REQUIRE(lines.size() == 4);
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const auto found = side.runs_in(text.substr(0, size));
    if (size == 0) {
      CHECK(found == Runs{});
    } else if (size >= lines[0].size()) {
      std::size_t whole = 0, end = lines[0].size();
      while (whole < 3 && end + lines[whole + 1].size() <= size) end += lines[++whole].size();
      const std::size_t expected = whole;
      CHECK(found.value().size() == expected);
    }
  }
  CHECK(side.runs_in(text) == Runs{0, 1, 2});
}

TEST_CASE("a byte that was changed costs its line, and no other", "[sweep]") {
  const Side side;
  const std::string text = side.written();
  const std::size_t head = text.find('\n');
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const int flip : {1, 0x20, 0x80}) {
      std::string damaged = text;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      std::size_t dropped = 0;
      const auto found = side.runs_in(damaged, &dropped);
      if (at <= head) {
        CHECK_FALSE(found.has_value());
      } else if (text[at] != '\n') {
        CHECK(found.value().size() == 2);
        CHECK(dropped >= 1);
      } else {
        CHECK(found.value().size() < 3);
      }
    }
  }
}

TEST_CASE("lines out of order, twice, of another sweep, or of no sweep", "[sweep]") {
  const Side side;
  const auto lines = lines_of(side.written());
  CHECK(side.runs_in(lines[0] + lines[3] + lines[1] + lines[2]) == Runs{0, 1, 2});
  CHECK(side.runs_in(lines[0] + lines[1] + lines[1] + lines[3] + lines[1]) == Runs{1, 2});
  CHECK(side.runs_in(lines[0] + lines[0] + lines[1]) == Runs{2});
  CHECK(side.runs_in(lines[0] + "\n\n" + lines[1] + std::string(3, '\0') + "\n" + std::string(100000, '[') + "\n" +
                     lines[2]) == Runs{0, 2});
  CHECK_FALSE(side.runs_in(lines[1] + lines[0]).has_value());

  std::filesystem::remove(side.path);
  auto other = identity;
  other["version"] = "2";
  {
    auto file = side.open(Earlier::resume, other);
    file.append(record_of_run(3));
  }
  CHECK(side.runs_in(lines[0] + lines_of(side.folder.read("s.partial"))[1] + lines[1]) == Runs{2});
}

TEST_CASE("a record that cannot be of the sweep is dropped although its hash is right", "[sweep]") {
  const Side side;
  using Change = void (*)(RunRecord&);
  const std::vector<Change> changes = {[](RunRecord& r) { r.run = runs; },
                                       [](RunRecord& r) { r.run = std::numeric_limits<std::size_t>::max(); },
                                       [](RunRecord& r) { r.totals.pop_back(); },
                                       [](RunRecord& r) { r.totals.front().clear(); },
                                       [](RunRecord& r) { r.totals.front().push_back(1); },
                                       [](RunRecord& r) { r.labels[0].clear(); },
                                       [](RunRecord& r) { r.labels[0].emplace_back("b"); },
                                       [](RunRecord& r) {
                                         r.labels[1] = {"x", "x"};
                                       },
                                       [](RunRecord& r) { r.hours = 3; },
                                       [](RunRecord& r) { r.hours = -2; },
                                       [](RunRecord& r) { r.hours = std::numeric_limits<std::int64_t>::max(); },
                                       [](RunRecord& r) { r.series.clear(); },
                                       [](RunRecord& r) { r.series.front().push_back(3); },
                                       [](RunRecord& r) { r.inputs = {"nameless"}; }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    INFO("change " << i);
    RunRecord record = record_of_run(1);
    changes[i](record);
    CHECK_FALSE(is_of_sweep(record, runs, {find_variable("site_load_mw")}));
  }
  // Through the file, with the hash that its writer would have made.
  const std::string head = lines_of(side.written())[0];
  const std::uint64_t head_hash = sim::hash_of(head.substr(0, head.size() - 18));
  const auto sealed = [&](const std::string& line) {
    return fmt::format("{} {:016x}\n", line, sim::mix(head_hash, sim::hash_of(line)));
  };
  CHECK(side.runs_in(head + sealed(json_line(record_of_run(1)))) == Runs{1});
  RunRecord far = record_of_run(1);
  far.run = 1'000'000'000'000;
  for (const std::string& line :
       {json_line(far), std::string(R"({"run":-1,"error":"x"})"), std::string(R"({"run":"1"})"), std::string("[]"),
        std::string("null"), std::string(R"({"run":1})"), std::string(R"({"run":1,"error":5})"),
        std::string(R"({"run":1,"totals":[[1e999]]})")}) {
    INFO(line);
    CHECK(side.runs_in(head + sealed(line)) == Runs{});
  }
}

TEST_CASE("what is not a number stays so in the side file", "[sweep]") {
  const Side side;
  {
    auto file = side.open();
    RunRecord record = record_of_run(0);
    record.totals.front().front() = std::numeric_limits<double>::quiet_NaN();
    file.append(record);
  }
  const auto file = side.open();
  REQUIRE(file.count() == 1);
  file.for_each([](const RunRecord& record) { CHECK(std::isnan(record.totals.front().front())); });
}

TEST_CASE("a side file of another build is refused with the mend", "[sweep]") {
  const Side side;
  static_cast<void>(side.written());
  for (const auto* key : {"version", "build"}) {
    auto other = identity;
    other[key] = "another";
    CHECK_THAT(
        [&]() -> std::string {
          try {
            static_cast<void>(side.open(Earlier::resume, other));
          } catch (const sim::InputError& error) {
            return error.what();
          }
          return "";
        }(),
        Contains("was begun by another build of fleetwatt: its " + std::string(key)) &&
            Contains("complete it with that one") && Contains("--force"));
  }
}

TEST_CASE("a side file that changes under the sweep is noticed", "[sweep]") {
  const Side side;
  const std::string text = side.written();
  const auto file = side.open();
  std::string changed = text;
  changed[text.find("2.5")] = '9';
  std::fstream(side.path, std::ios::in | std::ios::out | std::ios::binary) << changed;
  CHECK_THROWS_AS(file.for_each([](const RunRecord&) {}), sim::IoError);
}
