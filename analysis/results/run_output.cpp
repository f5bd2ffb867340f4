#include "analysis/results/run_output.hpp"

#include <fmt/format.h>

namespace fleetwatt::analysis {

std::string regions_text(const models::Fleet& fleet, std::size_t site) {
  const auto& shares = fleet.sites[site].regions;
  if (shares.size() == 1) return fleet.regions[shares.front().region.index()].name;
  std::string text;
  for (const auto& share : shares) {
    text += fmt::format("{}{} {:g} %", text.empty() ? "" : ", ", fleet.regions[share.region.index()].name,
                        share.fraction * 100.0);
  }
  return text;
}

}  // namespace fleetwatt::analysis
