#include "models/workload/demand_curve.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "sim/units.hpp"

namespace fleetwatt::models {

namespace {

constexpr std::int64_t quarter_hour_s = 900;
constexpr std::int64_t day_s = 86400;

/// Integral of cos(2 pi n (h - peak_h)/24) from 0 to h, in hours.
double cosine_integral(double h, double peak_h, int n) {
  const double omega = 2.0 * std::numbers::pi * n / sim::hours_per_day;
  return (std::sin(omega * (h - peak_h)) + std::sin(omega * peak_h)) / omega;
}

/// Mean of 1 + 0.55 cos(2 pi (h-15)/24) + 0.12 cos(4 pi (h-20)/24).
double consumer_chat(double begin_h, double end_h) {
  const auto integral = [](double h) {
    return h + 0.55 * cosine_integral(h, 15.0, 1) + 0.12 * cosine_integral(h, 20.0, 2);
  };
  return (integral(end_h) - integral(begin_h)) / (end_h - begin_h);
}

// Office hours, by local hour, before division by their mean.
constexpr std::array<double, 24> office_hours = {0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.25, 0.60,
                                                 1.20, 1.80, 2.00, 1.95, 1.60, 1.80, 2.00, 1.95,
                                                 1.70, 1.30, 0.80, 0.55, 0.45, 0.35, 0.25, 0.15};

double office(double begin_h, double end_h) {
  double total = 0.0;
  double covered = 0.0;
  for (std::size_t hour = 0; hour < office_hours.size(); ++hour) {
    total += office_hours[hour];
    const double overlap =
        std::min(end_h, static_cast<double>(hour) + 1.0) - std::max(begin_h, static_cast<double>(hour));
    covered += std::max(overlap, 0.0) * office_hours[hour];
  }
  return covered / (end_h - begin_h) / (total / sim::hours_per_day);
}

std::int64_t floor_mod(std::int64_t a, std::int64_t b) {
  return ((a % b) + b) % b;
}

}  // namespace

double daily_factor(DemandShape shape, double begin_h, double end_h) {
  switch (shape) {
    case DemandShape::flat:
      return 1.0;
    case DemandShape::consumer_chat:
      return consumer_chat(begin_h, end_h);
    case DemandShape::office:
      return office(begin_h, end_h);
  }
  return 1.0;
}

double weekly_factor(DemandShape shape, int weekday) {
  const bool weekend = weekday == 0 || weekday == 6;
  switch (shape) {
    case DemandShape::flat:
      return 1.0;
    case DemandShape::consumer_chat:
      return weekend ? 0.85 : 1.06;  // (5 * 1.06 + 2 * 0.85) / 7 = 1
    case DemandShape::office:
      return weekend ? 0.30 : 1.28;  // (5 * 1.28 + 2 * 0.30) / 7 = 1
  }
  return 1.0;
}

double DemandCurve::mean_over(sim::UtcSeconds begin, sim::UtcSeconds end) const {
  if (shape_ == DemandShape::flat) return 1.0;
  double weighted = 0.0;
  for (std::int64_t from = begin.value; from < end.value;) {
    const std::int64_t to = std::min(end.value, from - floor_mod(from, quarter_hour_s) + quarter_hour_s);
    const sim::UtcSeconds local{from + zone_.utc_offset_s({from})};
    const double begin_h = sim::h_from_s(static_cast<double>(floor_mod(local.value, day_s)));
    const double end_h = begin_h + sim::h_from_s(static_cast<double>(to - from));
    weighted += daily_factor(shape_, begin_h, end_h) * weekly_factor(shape_, sim::weekday_of(local)) *
                static_cast<double>(to - from);
    from = to;
  }
  return weighted / static_cast<double>(end.value - begin.value);
}

}  // namespace fleetwatt::models
