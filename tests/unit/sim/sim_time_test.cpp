// Simulated time: what is exact, what rounds, what is refused.
#include "sim/sim_time.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace fleetwatt::sim {

TEST_CASE("whole seconds are exact at both ends of the range", "[unit]") {
  CHECK(Duration::from_whole_s(1).ticks() == 17'179'869'184);  // 2^34
  CHECK(Duration::max_whole_s == 536'870'911);                 // 2^29 - 1: 17.01 years of 365.25 days
  CHECK(Duration::from_whole_s(Duration::max_whole_s).whole_s() == Duration::max_whole_s);
  CHECK(Duration::from_whole_s(-Duration::max_whole_s).whole_s() == -Duration::max_whole_s);
  CHECK(one_hour.s() == 3600.0);
  CHECK(one_day == one_hour * 24);
}

TEST_CASE("seconds with a fraction go to the nearest tick", "[unit]") {
  CHECK(Duration::from_s(0.5).ticks() == Duration::ticks_per_s / 2);
  CHECK(Duration::from_s(0.1).ticks() == 1'717'986'918);  // 0.1 x 2^34 = 1717986918.4
  CHECK(Duration::from_s(0.3).ticks() == 5'153'960'755);  // 0.3 x 2^34 = 5153960755.2
  CHECK(Duration::from_s(0.7 * 0x1p-34).ticks() == 1);
  CHECK(Duration::from_s(-0.7 * 0x1p-34).ticks() == -1);
  CHECK(Duration::from_s(0.4 * 0x1p-34).ticks() == 0);
}

TEST_CASE("sums of durations do not depend on their grouping", "[unit]") {
  Duration sum;
  for (int i = 0; i < 1'000'000; ++i) sum += Duration::from_s(0.1);
  CHECK(sum == Duration::from_s(0.1) * 1'000'000);
}

TEST_CASE("durations beyond 17 years or not finite are refused", "[unit]") {
  const std::string too_long = "a duration is longer than 17 years";
  const std::string not_finite_or_too_long = "a duration is not finite or longer than 17 years";
  CHECK_THROWS_AS(Duration::from_whole_s(Duration::max_whole_s + 1), OutOfRange);
  CHECK_THROWS_WITH(Duration::from_whole_s(Duration::max_whole_s + 1), too_long);
  CHECK_THROWS_WITH(Duration::from_whole_s(-Duration::max_whole_s - 1), too_long);
  CHECK_THROWS_AS(Duration::from_s(5.4e8), OutOfRange);
  CHECK_THROWS_WITH(Duration::from_s(5.4e8), not_finite_or_too_long);
  CHECK_THROWS_WITH(Duration::from_s(-5.4e8), not_finite_or_too_long);
  CHECK_THROWS_WITH(Duration::from_s(std::numeric_limits<double>::infinity()), not_finite_or_too_long);
  CHECK_THROWS_WITH(Duration::from_s(std::numeric_limits<double>::quiet_NaN()), not_finite_or_too_long);
}

TEST_CASE("whole_s rounds down, on both sides of zero", "[unit]") {
  CHECK(Duration::from_s(2.9).whole_s() == 2);
  CHECK(Duration::from_s(-0.1).whole_s() == -1);
  CHECK(Duration::from_s(-2.0).whole_s() == -2);
}

TEST_CASE("durations divide into whole parts and a rest", "[unit]") {
  const Duration tick = Duration::from_whole_s(300);
  CHECK(one_hour / tick == 12);
  CHECK(one_hour % tick == Duration{});
  CHECK(Duration::from_whole_s(1000) / tick == 3);
  CHECK(Duration::from_whole_s(1000) % tick == Duration::from_whole_s(100));
}

TEST_CASE("moments and durations add and subtract", "[unit]") {
  const SimTime noon = SimTime::at(one_hour * 12);
  CHECK(noon + one_hour * 12 == SimTime::at(one_day));
  CHECK(noon - one_hour * 12 == SimTime{});
  CHECK(noon - SimTime::at(one_hour) == one_hour * 11);
  CHECK(noon < SimTime::max());
  CHECK(noon.s() == 43200.0);
}

}  // namespace fleetwatt::sim
