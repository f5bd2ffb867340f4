// Counter-based random streams. A stream is named by (seed, entity, purpose) and nothing else, so adding a site, a
// thread or a purpose changes no other stream, and a stream needs no state but its counter.
//
// Philox4x32-10: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11,
// doi:10.1145/2063384.2063405.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fleetwatt::sim {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

/// Ten rounds of Philox4x32: four random words for one counter under one key.
[[nodiscard]] PhiloxCounter philox4x32_10(PhiloxCounter counter, PhiloxKey key);

/// FNV-1a with a final mix (SplitMix64): the same on every machine.
[[nodiscard]] std::uint64_t hash_of(std::string_view text);
/// A well-mixed 64-bit word from two (SplitMix64 finaliser).
[[nodiscard]] std::uint64_t mix(std::uint64_t a, std::uint64_t b);
/// [0, 1) from the upper 53 bits.
[[nodiscard]] double unit_interval(std::uint64_t word);
/// (0, 1) from the upper 52 bits: the middles of 2^52 equal parts, so that neither end is reached by rounding.
[[nodiscard]] double open_unit_interval(std::uint64_t word);

class RandomStream {
 public:
  /// entity: the name of what draws ("dallas.serving"); purpose: what for ("arrivals").
  RandomStream(std::uint64_t seed, std::string_view entity, std::string_view purpose);

  [[nodiscard]] std::uint64_t next_u64();
  /// [0, 1), 53 bits.
  [[nodiscard]] double uniform() { return unit_interval(next_u64()); }
  /// (0, 1): for logarithms.
  [[nodiscard]] double uniform_open() { return open_unit_interval(next_u64()); }
  /// 0 .. count-1, each equally likely (Lemire's multiply-and-reject); count > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t count);

 private:
  PhiloxKey key_;
  std::uint64_t stream_;     ///< upper half of the counter
  std::uint64_t block_ = 0;  ///< lower half
  std::array<std::uint64_t, 2> words_{};
  int left_ = 0;
};

}  // namespace fleetwatt::sim
