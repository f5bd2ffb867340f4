#include "analysis/compare/request_energy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/results/figures.hpp"

namespace fleetwatt::analysis {

namespace {

struct Owner {
  const char* key;
  const char* name;
};
constexpr std::array owners = {Owner{"gpu_active_j_per_request", "GPUs at work"},
                               Owner{"gpu_idle_j_per_request", "GPUs idle"},
                               Owner{"host_j_per_request", "rest of the servers"},
                               Owner{"cooling_j_per_request", "cooling"}, Owner{"loss_j_per_request", "power losses"}};
constexpr const char* whole_key = "facility_j_per_request";
constexpr const char* whole_name = "= at the meter";
constexpr double worth_showing = 0.005;  // of a request: less comes from the hall that services share

const QuantityDifference* find(const Comparison& comparison, const std::string& path) {
  const auto found = std::ranges::find(comparison.quantities, path, &QuantityDifference::path);
  return found == comparison.quantities.end() ? nullptr : &*found;
}

std::vector<std::string> row(const char* name, const QuantityDifference& part, const QuantityDifference& whole) {
  const int decimals = decimals_shown(std::min(whole.a, whole.b));  // small parts to the digit of the whole
  const double difference = part.difference();
  return {name,
          fixed(part.a, decimals),
          percent(part.a / whole.a),
          fixed(part.b, decimals),
          percent(part.b / whole.b),
          (difference > 0.0 ? "+" : "") + fixed(difference, decimals),
          percent(difference / whole.difference())};
}

std::string table_of(const Comparison& comparison, const std::string& service, const QuantityDifference& whole,
                     const Screen& screen) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& owner : owners) {
    if (const auto* part = find(comparison, service + owner.key)) rows.push_back(row(owner.name, *part, whole));
  }
  rows.push_back(row(whole_name, whole, whole));
  const std::string name = service.substr(0, service.size() - 1);
  return table({{"J a request of " + name, Align::left},
                {"A"},
                {"share", Align::right, true},
                {"B"},
                {"share", Align::right, true},
                {"B - A"},
                {"of it", Align::right, true}},
               rows, screen) +
         fmt::format("B over A: {}\n\n", figure(whole.b / whole.a));
}

}  // namespace

std::string request_energy_text(const Comparison& comparison, const Screen& screen) {
  std::string text;
  for (const auto& quantity : comparison.quantities) {
    if (!quantity.path.ends_with(whole_key) || !quantity.differs()) continue;
    if (!(std::fabs(quantity.fraction()) >= worth_showing) || !std::isfinite(quantity.b)) continue;
    text += table_of(comparison, quantity.path.substr(0, quantity.path.size() - std::string_view(whole_key).size()),
                     quantity, screen);
  }
  return text;
}

}  // namespace fleetwatt::analysis
