// An index that cannot be mixed up with another kind of index: `SiteId`, `PoolId`, `JobId` ... are distinct types.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace fleetwatt::sim {

template <class Tag>
struct StrongId {
  std::uint32_t value = 0;

  StrongId() = default;
  constexpr explicit StrongId(std::size_t index) : value(static_cast<std::uint32_t>(index)) {}

  [[nodiscard]] constexpr std::size_t index() const { return value; }
  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace fleetwatt::sim
