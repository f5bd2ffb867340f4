#include "models/serving/request_router.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace fleetwatt::models;

TEST_CASE("round robin deals requests in turn, whoever they are", "[unit]") {
  RequestRouter router(RouterPolicy::round_robin, 3);
  for (std::size_t i = 0; i < 30; ++i) CHECK(router.replica_for({.arrival = {}, .id = 7 * i}) == i % 3);
}

TEST_CASE("a hash sends the same request to the same replica, in whatever order requests come", "[unit]") {
  RequestRouter one(RouterPolicy::hash, 5);
  RequestRouter other(RouterPolicy::hash, 5);
  std::vector<std::size_t> replicas;
  for (std::uint64_t id = 0; id < 100; ++id) replicas.push_back(one.replica_for({.arrival = {}, .id = id}));
  for (std::uint64_t id = 100; id-- > 0;) CHECK(other.replica_for({.arrival = {}, .id = id}) == replicas[id]);
}

TEST_CASE("a hash spreads requests evenly", "[unit]") {
  RequestRouter router(RouterPolicy::hash, 8);
  std::vector<int> counts(8);
  for (std::uint64_t id = 0; id < 80'000; ++id) ++counts[router.replica_for({.arrival = {}, .id = id})];
  double chi_square = 0.0;
  for (const int count : counts) chi_square += (count - 10'000.0) * (count - 10'000.0) / 10'000;
  CHECK(chi_square < 24.3);  // 0.999 quantile with 7 degrees of freedom
}

TEST_CASE("one replica serves all", "[unit]") {
  for (const auto& entry : router_policies) {
    RequestRouter router(entry.policy, 1);
    for (std::uint64_t id = 0; id < 10; ++id) CHECK(router.replica_for({.arrival = {}, .id = id}) == 0);
  }
}
