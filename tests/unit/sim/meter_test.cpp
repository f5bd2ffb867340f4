// Meters: a signal integrated by hand, and the peak of a tariff's intervals. Times are whole seconds, so sums are
// exact.
#include "sim/meter.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

namespace {

SimTime at_s(std::int64_t time_s) {
  return SimTime::at(Duration::from_whole_s(time_s));
}
Duration s(std::int64_t whole_s) {
  return Duration::from_whole_s(whole_s);
}

}  // namespace

TEST_CASE("a meter splits a signal at the edges of its bins", "[unit]") {
  Meter meter(at_s(0), s(10));
  meter.set(at_s(0), 100.0);
  meter.set(at_s(4), 200.0);
  meter.set(at_s(25), 50.0);
  meter.advance(at_s(30));
  // 100 x 4 + 200 x 6;  200 x 10;  200 x 5 + 50 x 5
  CHECK(meter.take_closed() == std::vector<double>{1600.0, 2000.0, 1250.0});
  CHECK(meter.total() == 4850.0);
  CHECK(meter.value() == 50.0);
}

TEST_CASE("an open bin counts in the total and is not handed over", "[unit]") {
  Meter meter(at_s(0), s(10));
  meter.set(at_s(0), 3.0);
  meter.advance(at_s(14));
  CHECK(meter.take_closed() == std::vector<double>{30.0});
  CHECK(meter.total() == 42.0);
  CHECK(meter.take_closed().empty());
  meter.advance(at_s(20));
  CHECK(meter.take_closed() == std::vector<double>{30.0});
  CHECK(meter.total() == 60.0);
}

TEST_CASE("bins taken one by one as they close", "[unit]") {
  Meter meter(at_s(0), s(10));
  meter.set(at_s(0), 3.0);
  CHECK(meter.take_bin() == 0.0);
  meter.advance(at_s(10));
  CHECK(meter.take_bin() == 30.0);
  CHECK(meter.take_bin() == 0.0);
}

TEST_CASE("a change at a bin's edge belongs to the bin that begins", "[unit]") {
  Meter meter(at_s(0), s(10));
  meter.set(at_s(0), 1.0);
  meter.set(at_s(10), 5.0);
  meter.advance(at_s(20));
  CHECK(meter.take_closed() == std::vector<double>{10.0, 50.0});
}

TEST_CASE("of two values set at one moment the later holds", "[unit]") {
  Meter meter(at_s(0), s(10));
  meter.set(at_s(0), 1000.0);
  meter.set(at_s(0), 1.0);
  meter.advance(at_s(10));
  CHECK(meter.total() == 10.0);
}

TEST_CASE("a meter may start late and its signal may be negative", "[unit]") {
  Meter meter(at_s(3600), s(60));
  meter.set(at_s(3630), -2.0);
  meter.advance(at_s(3720));
  CHECK(meter.take_closed() == std::vector<double>{-60.0, -120.0});
  CHECK(meter.total() == -180.0);
}

TEST_CASE("a new meter reads nothing", "[unit]") {
  Meter meter(at_s(0), s(10));
  CHECK(meter.total() == 0.0);
  CHECK(meter.value() == 0.0);
  CHECK(meter.take_closed().empty());
}

TEST_CASE("the peak is the highest mean over whole intervals", "[unit]") {
  IntervalPeak peak(s(300), 3);  // 15 minutes of 5-minute ticks
  // means over the ticks: 10 20 30 | 40 5 0 | 30 15 15 | 100, an interval that is not filled
  for (const double mean_w : {10.0, 20.0, 30.0, 40.0, 5.0, 0.0, 30.0, 15.0, 18.0, 100.0}) peak.add_tick(mean_w * 300.0);
  CHECK(peak.peak() == 21.0);  // (30 + 15 + 18) / 3
  CHECK(peak.peak_start() == s(1800));
}

TEST_CASE("of equal peaks the first is kept", "[unit]") {
  IntervalPeak peak(s(300), 1);
  for (const double mean_w : {1.0, 7.0, 7.0}) peak.add_tick(mean_w * 300.0);
  CHECK(peak.peak() == 7.0);
  CHECK(peak.peak_start() == s(300));
}

TEST_CASE("a peak may be negative, as for a site that exports", "[unit]") {
  IntervalPeak peak(s(300), 1);
  for (const double mean_w : {-9.0, -2.0, -5.0}) peak.add_tick(mean_w * 300.0);
  CHECK(peak.peak() == -2.0);
  CHECK(peak.peak_start() == s(300));
}

TEST_CASE("without a whole interval there is no peak", "[unit]") {
  IntervalPeak peak(s(300), 3);
  peak.add_tick(1e9);
  peak.add_tick(1e9);
  CHECK(peak.peak() == 0.0);
  CHECK(peak.peak_start() == Duration{});
}

}  // namespace fleetwatt::sim
