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

}  // namespace

PartialFile::PartialFile(std::string path, const nlohmann::ordered_json& identity, Earlier earlier)
    : path_(std::move(path)) {
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
  const std::string text = read(0, static_cast<std::size_t>(status.st_size));
  std::size_t line_end = text.find('\n');
  if (earlier == Earlier::replace || text.empty()) return begin(identity);
  const auto there = nlohmann::ordered_json::parse(text.substr(0, line_end), nullptr, false);
  if (!there.is_object() || !there.contains("format") || there["format"] != identity.at("format"))
    refuse("is there and is not a side file of a sweep", "choose another place with -o, or replace it with --force");
  if (earlier == Earlier::refuse) {
    refuse(fmt::format("is there: an earlier sweep was not finished, it did {} runs",
                       std::max<std::ptrdiff_t>(std::count(text.begin(), text.end(), '\n') - 1, 0)),
           "--resume completes it, --force begins anew");
  }
  const std::string differs = difference(there, identity);
  if (!differs.empty())
    refuse("belongs to another sweep: " + differs,
           "repeat the command that began it, choose another place with -o, or begin anew with --force");
  if (line_end == std::string::npos) return begin(identity);
  end_ = line_end + 1;
  for (std::size_t begin = end_; (line_end = text.find('\n', begin)) != std::string::npos; begin = line_end + 1) {
    try {
      remember(record_from(nlohmann::json::parse(text.substr(begin, line_end - begin))), line_end + 1 - begin);
    } catch (const nlohmann::json::exception&) {
      break;  // from here on it is damaged: those runs are done again
    }
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0) fail("write");
}

void PartialFile::begin(const nlohmann::ordered_json& identity) {
  if (::ftruncate(descriptor_, 0) != 0) fail("write");
  end_ = 0;
  const std::string line = identity.dump() + "\n";
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
  const std::string line = json_line(record);
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
  for (const Place& place : in_order) visit(record_from(nlohmann::json::parse(read(place.offset, place.length))));
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
