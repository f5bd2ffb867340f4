#include "analysis/results/load_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/results/figures.hpp"
#include "sim/sim_time.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t label_width = 9;
constexpr std::size_t most_bars = 72;  // three days of hours
constexpr std::int64_t hours_a_day = 24;
constexpr std::int64_t days_of_a_season = 60;

/// Means of the hours that have the same key, in order of the keys.
template <class Key>
std::vector<double> means_by(const std::vector<double>& values, Key key) {
  std::map<std::int64_t, std::pair<double, double>> sums;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& [sum, count] = sums[key(static_cast<std::int64_t>(i))];
    sum += values[i];
    count += 1.0;
  }
  std::vector<double> means;
  for (const auto& [_, sum] : sums) means.push_back(sum.first / sum.second);
  return means;
}

std::string range_text(const std::vector<double>& values_w) {
  const auto [low, high] = std::ranges::minmax(values_w);
  return fmt::format("{} to {} MW", figure(sim::mw_from_w(low)), figure(sim::mw_from_w(high)));
}

/// "by hour  BARS  WORDS", the bars on several lines, whole days each, where the screen is narrow.
std::string shape_line(const char* label, const std::vector<double>& values, const std::string& words,
                       const Screen& screen) {
  constexpr auto day = static_cast<std::size_t>(hours_a_day);
  const std::size_t room = screen.width > label_width ? screen.width - label_width : most_bars;
  const std::size_t a_line = room >= values.size() || room < day ? room : room - room % day;
  std::string text;
  std::string line = fmt::format("{:<{}}", label, label_width);
  const auto all = bars(values);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0 && i % a_line == 0) {
      text += line + "\n";
      line = std::string(label_width, ' ');
    }
    line += all[i];
  }
  return text + filled(line + "  " + words, screen.width, label_width) + "\n";
}

}  // namespace

std::string load_shape(const std::vector<double>& load_w, sim::UtcSeconds start, const Screen& screen) {
  if (load_w.empty()) return "";
  const std::string hours = range_text(load_w);
  if (load_w.size() <= most_bars) return shape_line("by hour", load_w, hours, screen);

  const auto civil_of = [&](std::int64_t hour) {
    return sim::civil_from_utc({start.value + hour * sim::one_hour.whole_s()});
  };
  const auto line = [&](const char* label, const std::vector<double>& means, const std::string& what) {
    return shape_line(label, means, fmt::format("{}: {}; single hours {}", what, range_text(means), hours), screen);
  };
  if (std::ssize(load_w) < days_of_a_season * hours_a_day) {
    const auto hour_of_day = [&](std::int64_t hour) { return std::int64_t{civil_of(hour).hour}; };
    return line("by hour", means_by(load_w, hour_of_day), "mean day, 00 to 23 UTC");
  }
  const std::string since = fmt::format("from {}", sim::to_iso8601(start).substr(0, 10));
  const auto weeks = means_by(load_w, [](std::int64_t hour) { return hour / (7 * hours_a_day); });
  if (weeks.size() <= most_bars) return line("by week", weeks, since);
  const auto month_of = [&](std::int64_t hour) {
    return std::int64_t{civil_of(hour).year} * 12 + civil_of(hour).month;
  };
  const auto months = means_by(load_w, month_of);
  if (months.size() <= most_bars) return line("by month", months, since);
  const auto year_of = [&](std::int64_t hour) { return std::int64_t{civil_of(hour).year}; };
  return line("by year", means_by(load_w, year_of), since);
}

}  // namespace fleetwatt::analysis
