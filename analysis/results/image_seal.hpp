// A hash of a results file's bytes, in 32 bytes behind them: whoever reads the file knows whether one was changed,
// before HDF5 believes its lengths and offsets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace fleetwatt::analysis {

[[nodiscard]] std::string seal_of(std::span<const std::byte> image);

/// Fills the block from an offset on.
using BlockReader = std::function<void(std::uint64_t at, std::string& block)>;

/// Throws IoError for a file of `size` bytes, its seal included, whose bytes are not those that were sealed. A file
/// without a seal is of another program's making, and passes.
void check_seal(const std::string& name, std::uint64_t size, const BlockReader& read);

}  // namespace fleetwatt::analysis
