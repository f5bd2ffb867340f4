// A file that is whole or absent: written under a temporary name beside its place, then renamed.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fleetwatt::analysis {

/// A file that is written piece by piece: it stands under a temporary name, which disappears with this object, until
/// keep() puts it into its place. Throws IoError with the system's reason (disk full, no such folder, no permission).
class AtomicFile {
 public:
  explicit AtomicFile(std::string target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  /// Replaces what was there, once every byte is on the disk.
  void keep();

 private:
  [[noreturn]] void fail(const char* what) const;

  std::string target_;
  std::string path_;
  int descriptor_ = -1;
  bool kept_ = false;
};

/// Writes `bytes` to `path`, replacing what was there only when every byte is on the disk. Throws IoError with the
/// system's reason and leaves nothing behind.
void write_atomically(const std::string& path, std::span<const std::byte> bytes);

/// The same for text.
void write_atomically(const std::string& path, const std::string& text);

}  // namespace fleetwatt::analysis
