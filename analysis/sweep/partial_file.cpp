#include "analysis/sweep/partial_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "sim/error.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::analysis {

namespace {

std::string shortened(std::string text) {
  constexpr std::size_t most = 160;
  if (text.size() > most) text.replace(most, std::string::npos, "...");
  return text;
}

std::string shown(const nlohmann::ordered_json& identity, const std::string& key) {
  if (!identity.contains(key)) return "nothing";
  const auto& value = identity.at(key);
  return shortened(value.is_string() ? value.get<std::string>() : value.dump());
}

/// The first thing in which two sweeps differ; empty where they are one.
std::string difference(const nlohmann::ordered_json& there, const nlohmann::ordered_json& here) {
  for (const auto& [key, value] : here.items()) {
    if (there.contains(key) && there.at(key) == value) continue;
    return fmt::format("its {} is {}, here it is {}", key, shown(there, key), shown(here, key));
  }
  return there.size() == here.size() ? "" : "it says more than this version knows";
}

/// What is not UTF-8 in it is replaced.
std::string text_of(const nlohmann::ordered_json& identity) {
  return identity.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

constexpr std::size_t hash_digits = 16;

/// A line, a blank, and its hash.
std::string with_hash(const std::string& line, std::uint64_t hash) {
  return fmt::format("{} {:016x}", line, hash);
}

/// The line without its hash; empty where it has none that is right, given by what `hash` says of a line.
template <class Hash>
std::string_view without_hash(std::string_view line, Hash hash) {
  if (line.size() <= hash_digits + 1 || line[line.size() - hash_digits - 1] != ' ') return {};
  const std::string_view text = line.substr(0, line.size() - hash_digits - 1);
  return fmt::format("{:016x}", hash(text)) == line.substr(text.size() + 1) ? text : std::string_view();
}

bool is_side_file(std::string_view first_line, const nlohmann::ordered_json& identity) {
  return first_line.starts_with(fmt::format(R"({{"format":{},)", identity.at("format").dump()));
}

}  // namespace

PartialFile::PartialFile(std::string path, const nlohmann::ordered_json& identity, Earlier earlier, RecordShape shape)
    : path_(std::move(path)), shape_(std::move(shape)) {
  open_and_lock();
  try {
    read_earlier(identity, earlier);
  } catch (...) {
    ::close(std::exchange(descriptor_, -1));
    throw;
  }
}

PartialFile::~PartialFile() {
  if (descriptor_ < 0) return;
  if (places_.empty()) ::unlink(path_.c_str());
  ::close(descriptor_);
}

void PartialFile::open_and_lock() {
  while (true) {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail("open");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
      const int reason = errno;
      ::close(std::exchange(descriptor_, -1));
      errno = reason;
      if (reason != EWOULDBLOCK) fail("lock");
      refuse("another process is at work on this sweep", "wait for it, or choose another place with -o");
    }
    struct stat opened {};
    struct stat named {};
    if (::fstat(descriptor_, &opened) != 0) fail("read");
    if (::stat(path_.c_str(), &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev) return;
    ::close(std::exchange(descriptor_, -1));  // its owner finished and removed it between the two calls
  }
}

void PartialFile::read_earlier(const nlohmann::ordered_json& identity, Earlier earlier) {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail("read");
  if (!S_ISREG(status.st_mode)) refuse("is there, and is no plain file", "choose another place with -o");
  if (earlier == Earlier::replace || status.st_size == 0) return begin(identity);
  const std::string text = read(0, static_cast<std::size_t>(status.st_size));
  const std::string_view first_line = std::string_view(text).substr(0, text.find('\n'));
  if (!is_side_file(first_line, identity))
    refuse("is there and is not a side file of a sweep", "choose another place with -o, or replace it with --force");
  if (earlier == Earlier::refuse) {
    refuse(fmt::format("is there: an earlier sweep was not finished, it did {} runs",
                       std::max<std::ptrdiff_t>(std::count(text.begin(), text.end(), '\n') - 1, 0)),
           "--resume completes it, --force begins anew");
  }
  const std::string_view head = without_hash(first_line, sim::hash_of);
  const auto there = nlohmann::ordered_json::parse(head, nullptr, false);
  if (!there.is_object()) {
    refuse("its first line, which says of which sweep it is, is damaged",
           "choose another place with -o, or begin anew with --force");
  }
  const std::string differs = difference(there, nlohmann::ordered_json::parse(text_of(identity)));
  if (differs.starts_with("its version") || differs.starts_with("its build")) {
    refuse("was begun by another build of fleetwatt: " + differs,
           "complete it with that one, choose another place with -o, or begin anew with --force");
  }
  if (!differs.empty())
    refuse("belongs to another sweep: " + differs,
           "repeat the command that began it, choose another place with -o, or begin anew with --force");
  if (first_line.size() == text.size()) return begin(identity);
  head_hash_ = sim::hash_of(head);
  read_records(text);
}

void PartialFile::read_records(const std::string& text) {
  std::vector<bool> known(shape_.runs, false);
  std::size_t begin = text.find('\n') + 1;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const auto record = record_in(std::string_view(text).substr(begin, end - begin));
    end_ = begin;
    if (!record)
      ++dropped_;
    else if (!known[record->run]) {
      known[record->run] = true;
      remember(*record, end + 1 - begin);
    }
  }
  if (begin < text.size()) ++dropped_;  // cut off
  end_ = begin;
  if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) fail("write");
}

std::string PartialFile::sealed(const std::string& line) const {
  return with_hash(line, sim::mix(head_hash_, sim::hash_of(line))) + "\n";
}

std::optional<RunRecord> PartialFile::record_in(std::string_view line) const {
  const auto hash = [&](std::string_view text) { return sim::mix(head_hash_, sim::hash_of(text)); };
  const std::string_view text = without_hash(line, hash);
  if (text.empty()) return std::nullopt;
  try {
    auto record = record_from(nlohmann::json::parse(text));
    if (is_of_sweep(record, shape_.runs, shape_.chosen)) return record;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
  return std::nullopt;
}

void PartialFile::begin(const nlohmann::ordered_json& identity) {
  if (::ftruncate(descriptor_, 0) != 0) fail("write");
  end_ = 0;
  const std::string head = text_of(identity);
  head_hash_ = sim::hash_of(head);
  const std::string line = with_hash(head, head_hash_) + "\n";
  write(line);
  end_ = line.size();
}

void PartialFile::write(const std::string& line) {
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t written =
        ::pwrite(descriptor_, line.data() + done, line.size() - done, static_cast<off_t>(end_ + done));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write");
    done += static_cast<std::size_t>(written);
  }
}

void PartialFile::append(const RunRecord& record) {
  const std::string line = sealed(json_line(record));
  const std::scoped_lock lock(writing_);
  for (const auto& input : record.inputs) {
    const std::size_t blank = input.rfind(' ');
    const auto known = inputs_.find(input.substr(0, blank));
    if (known != inputs_.end() && known->second != input.substr(blank + 1))
      refuse(fmt::format("`{}` is not what it was when the sweep began", known->first),
             "put it back, or begin anew with --force");
  }
  write(line);
  remember(record, line.size());
}

void PartialFile::remember(const RunRecord& record, std::size_t length) {
  for (const auto& input : record.inputs) {
    const std::size_t blank = input.rfind(' ');
    inputs_.emplace(input.substr(0, blank), input.substr(blank + 1));
  }
  places_.push_back({record.run, end_, length});
  end_ += length;
}

std::vector<bool> PartialFile::finished(std::size_t runs) const {
  std::vector<bool> done(runs, false);
  for (const Place& place : places_) {
    if (place.run < runs) done[place.run] = true;
  }
  return done;
}

void PartialFile::for_each(const std::function<void(const RunRecord& record)>& visit) const {
  auto in_order = places_;
  std::ranges::sort(in_order, {}, &Place::run);
  for (const Place& place : in_order) {
    const auto record = record_in(read(place.offset, place.length - 1));
    if (!record || record->run != place.run)
      throw sim::IoError(fmt::format("{}: another program changed it; --resume does the lost runs again", path_));
    visit(*record);
  }
}

std::string PartialFile::read(std::size_t offset, std::size_t length) const {
  std::string text(length, '\0');
  for (std::size_t done = 0; done < length;) {
    const ssize_t got = ::pread(descriptor_, text.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("read");
    done += static_cast<std::size_t>(got);
  }
  return text;
}

void PartialFile::remove() {
  ::unlink(path_.c_str());
  ::close(std::exchange(descriptor_, -1));
}

void PartialFile::refuse(const std::string& message, const std::string& mend) const {
  sim::Diagnostic diagnostic;
  diagnostic.place.file = path_;
  diagnostic.message = message;
  diagnostic.mend = mend;
  throw sim::InputError(std::move(diagnostic));
}

void PartialFile::fail(const char* what) const {
  throw sim::IoError(fmt::format("{}: could not {} it: {}", path_, what, std::strerror(errno)));
}

}  // namespace fleetwatt::analysis
