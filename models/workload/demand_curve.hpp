// How demand moves over the day and the week on somebody's wall clock: a factor with mean 1 over the week, d(hour)
// w(weekday). The shapes are assumptions, named as such; a trace or a measured series replaces them. Leaves out
// holidays and growth.
#pragma once

#include <array>
#include <string_view>

#include "sim/calendar.hpp"

namespace fleetwatt::models {

enum class DemandShape { flat, consumer_chat, office };

struct DemandShapeEntry {
  std::string_view name;
  std::string_view meaning;
  DemandShape shape;
};

inline constexpr std::array demand_shapes = {
    DemandShapeEntry{"flat", "the same at all hours", DemandShape::flat},
    DemandShapeEntry{"consumer-chat", "peak 1.48 at 17 h, trough 0.35 at 3 h local time; weekends 0.85 (assumed)",
                     DemandShape::consumer_chat},
    DemandShapeEntry{"office", "working hours, nights near 0.15, weekends 0.3 (assumed)", DemandShape::office}};

class DemandCurve {
 public:
  DemandCurve(DemandShape shape, sim::TimeZone zone) : shape_(shape), zone_(std::move(zone)) {}

  /// The factor's mean over [begin, end), end > begin, on the zone's prevailing clock, daylight saving included. Exact
  /// for the shapes at hand (cosines have a closed integral), wherever midnight or a change of clocks falls on a
  /// quarter of an hour.
  [[nodiscard]] double mean_over(sim::UtcSeconds begin, sim::UtcSeconds end) const;

  [[nodiscard]] const sim::TimeZone& zone() const { return zone_; }

 private:
  DemandShape shape_;
  sim::TimeZone zone_;
};

/// The day's factor, mean over [begin_h, end_h) local hours; 0 <= begin_h < end_h <= 24.
[[nodiscard]] double daily_factor(DemandShape shape, double begin_h, double end_h);
/// The week's factor; weekday 0 = Sunday.
[[nodiscard]] double weekly_factor(DemandShape shape, int weekday);

}  // namespace fleetwatt::models
