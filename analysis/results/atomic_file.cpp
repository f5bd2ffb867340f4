#include "analysis/results/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "sim/error.hpp"

namespace fleetwatt::analysis {

AtomicFile::AtomicFile(std::string target)
    : target_(std::move(target)), path_(fmt::format("{}.partial-{}", target_, ::getpid())) {
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("create");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!kept_) ::unlink(path_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::keep() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL) fail("write");
  const int closing = std::exchange(descriptor_, -1);
  if (::close(closing) != 0) fail("write");
  if (std::rename(path_.c_str(), target_.c_str()) != 0) fail("replace");
  kept_ = true;
}

void AtomicFile::fail(const char* what) const {
  const int reason = errno;
  throw sim::IoError(
      fmt::format("{}: could not {} it: {}{}", target_, what, std::strerror(reason),
                  reason == ENOSPC || reason == EFBIG || reason == EDQUOT
                      ? "; free some space, or choose another place with -o; what was there before is untouched"
                      : ""));
}

void write_atomically(const std::string& path, std::span<const std::byte> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.keep();
}

void write_atomically(const std::string& path, const std::string& text) {
  write_atomically(path, std::as_bytes(std::span(text)));
}

}  // namespace fleetwatt::analysis
