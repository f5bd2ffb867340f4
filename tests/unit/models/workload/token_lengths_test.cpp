#include "models/workload/token_lengths.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace fleetwatt;
using models::draw_tokens;

namespace {

std::vector<std::int32_t> draws(const models::AnyLength& law, int count) {
  sim::RandomStream stream(7, "pool", "lengths");
  std::vector<std::int32_t> tokens;
  for (int i = 0; i < count; ++i) tokens.push_back(draw_tokens(law, stream));
  return tokens;
}

double mean(const std::vector<std::int32_t>& tokens) {
  double sum = 0.0;
  for (const auto t : tokens) sum += t;
  return sum / static_cast<double>(tokens.size());
}

}  // namespace

TEST_CASE("a fixed length is rounded to whole tokens, at least one", "[unit]") {
  sim::RandomStream stream(1, "pool", "lengths");
  CHECK(draw_tokens(models::FixedLength{270}, stream) == 270);
  CHECK(draw_tokens(models::FixedLength{2.4}, stream) == 2);
  CHECK(draw_tokens(models::FixedLength{2.5}, stream) == 3);
  CHECK(draw_tokens(models::FixedLength{0.2}, stream) == 1);
  CHECK(draw_tokens(models::FixedLength{-3}, stream) == 1);
}

TEST_CASE("a fixed length takes nothing from the stream", "[unit]") {
  sim::RandomStream used(1, "pool", "lengths");
  sim::RandomStream fresh(1, "pool", "lengths");
  CHECK(draw_tokens(models::FixedLength{5}, used) == 5);
  CHECK(used.next_u64() == fresh.next_u64());
}

TEST_CASE("log-normal lengths have their median and mean, and a cap", "[unit]") {
  const int count = 100'000;
  auto tokens = draws(models::LogNormalLength{.law = {.median = 500, .sigma = 0.5}, .max_tokens = 1e9}, count);
  // Mean 500 exp(0.125) = 566.6, standard deviation 566.6 sqrt(exp(0.25) - 1) = 302.
  CHECK(std::fabs(mean(tokens) - 500 * std::exp(0.125)) < 4 * 302 / std::sqrt(count));
  std::ranges::nth_element(tokens, tokens.begin() + count / 2);
  // Standard error of a median: 1 / (2 f sqrt(n)), density at the median 1 / (500 0.5 sqrt(2 pi)).
  CHECK(std::abs(tokens[count / 2] - 500) < 4 * 0.5 * 500 * 0.5 * 2.5066 / std::sqrt(count) + 1);

  const auto capped = draws(models::LogNormalLength{.law = {.median = 500, .sigma = 0.5}, .max_tokens = 600}, count);
  CHECK(std::ranges::max(capped) == 600);
  // P(above 600) = 1 - Phi(ln(1.2) / 0.5) = 1 - Phi(0.36464) = 0.3577; half a token of rounding moves it by 0.0006.
  const auto at_cap = static_cast<double>(std::ranges::count(capped, 600)) / count;
  CHECK(std::fabs(at_cap - 0.3577) < 4 * std::sqrt(0.3577 * 0.6423 / count) + 0.001);
}

TEST_CASE("lengths known by quantiles keep to them", "[unit]") {
  // Quantiles of generated tokens, Azure conversation trace 2023.
  const models::QuantileLength law{{{0.05, 41}, {0.25, 85}, {0.5, 129}, {0.75, 395}, {0.9, 424}, {0.95, 451}}};
  const int count = 50'000;
  const auto tokens = draws(law, count);
  CHECK(std::ranges::min(tokens) == 41);  // constant beyond the outer points
  CHECK(std::ranges::max(tokens) == 451);
  for (const auto& point : law.points) {
    const auto at_most =
        static_cast<double>(std::ranges::count_if(tokens, [&](auto t) { return t <= point.value; })) / count;
    INFO("at most " << point.value);
    if (point.probability == 0.95) {
      CHECK(at_most == 1.0);
    } else {
      // Half a token of rounding: up to 0.0025 where quantiles are 44 tokens apart for 0.25, 0.0052 for 29 for 0.15.
      CHECK(std::fabs(at_most - point.probability) < 4 * std::sqrt(0.25 / count) + 0.0052);
    }
  }
}
