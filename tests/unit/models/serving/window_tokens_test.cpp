#include "models/serving/window_tokens.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using fleetwatt::models::WindowTokens;

TEST_CASE("a sequence counts until its window is full", "[unit]") {
  WindowTokens window(10);
  window.enter(8, 0);
  CHECK(window.tokens() == 8);
  window.grow(1);
  CHECK(window.tokens() == 9);
  window.grow(2);
  window.grow(3);
  CHECK(window.tokens() == 10);
  window.enter(25, 3);
  CHECK(window.tokens() == 20);
  window.leave(11, 3);
  window.leave(25, 3);
  CHECK(window.tokens() == 0);
}

TEST_CASE("without window layers nothing is counted", "[unit]") {
  WindowTokens window(0);
  window.enter(100, 0);
  window.grow(1);
  window.leave(101, 1);
  CHECK(window.tokens() == 0);
}

TEST_CASE("the count is the sum of min(context, window), whatever comes and goes", "[unit]") {
  CHECK(rc::check("sum over sequences", [] {
    const std::int64_t size = *rc::gen::inRange(0, 30);
    WindowTokens window(size);
    std::vector<std::int64_t> contexts;
    std::uint64_t iteration = 0;
    for (int step = 0; step < 60; ++step) {
      const int choice = *rc::gen::inRange(0, 3);
      if (choice == 0) {
        contexts.push_back(*rc::gen::inRange(1, 40));
        window.enter(contexts.back(), iteration);
      } else if (choice == 1 && !contexts.empty()) {
        window.leave(contexts.back(), iteration);
        contexts.pop_back();
      } else {
        for (auto& context : contexts) ++context;
        window.grow(++iteration);
      }
      std::int64_t sum = 0;
      for (const auto context : contexts) sum += std::min(context, size);
      RC_ASSERT(window.tokens() == sum);
    }
  }));
}
