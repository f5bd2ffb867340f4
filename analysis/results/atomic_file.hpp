// A file that is whole or absent: written under a temporary name beside its place, then renamed.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace fleetwatt::analysis {

/// Writes `bytes` to `path`, replacing what was there only when every byte is on the disk. Throws IoError with the
/// system's reason (disk full, no such folder, no permission) and leaves nothing behind.
void write_atomically(const std::string& path, std::span<const std::byte> bytes);

/// The same for text.
void write_atomically(const std::string& path, const std::string& text);

}  // namespace fleetwatt::analysis
