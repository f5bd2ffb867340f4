// Typed indices: equal and ordered within a kind, not mixed between kinds.
#include "sim/strong_id.hpp"

#include <catch2/catch.hpp>

#include <concepts>
#include <type_traits>

namespace fleetwatt::sim {

using SiteIdOfTest = StrongId<struct SiteTagOfTest>;
using PoolIdOfTest = StrongId<struct PoolTagOfTest>;

static_assert(!std::equality_comparable_with<SiteIdOfTest, PoolIdOfTest>);
static_assert(!std::is_convertible_v<SiteIdOfTest, PoolIdOfTest>);
static_assert(!std::is_convertible_v<std::size_t, SiteIdOfTest>);
static_assert(!std::is_convertible_v<SiteIdOfTest, std::size_t>);

TEST_CASE("an id is an index with an order", "[unit]") {
  CHECK(SiteIdOfTest{}.index() == 0);
  CHECK(SiteIdOfTest{7}.index() == 7);
  CHECK(SiteIdOfTest{7} == SiteIdOfTest{7});
  CHECK(SiteIdOfTest{6} < SiteIdOfTest{7});
}

}  // namespace fleetwatt::sim
