#include "sim/audit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fleetwatt::sim {

double LedgerEntry::imbalance() const {
  if (!std::isfinite(in) || !std::isfinite(out)) return std::numeric_limits<double>::infinity();
  const double larger = std::max(std::fabs(in), std::fabs(out));
  return larger == 0.0 ? 0.0 : std::fabs(in - out) / larger;
}

std::vector<LedgerEntry> Audit::breaches() const {
  std::vector<LedgerEntry> found;
  std::ranges::copy_if(entries_, std::back_inserter(found), [](const LedgerEntry& entry) { return !entry.holds(); });
  return found;
}

double Audit::worst_imbalance() const {
  double worst = 0.0;
  for (const auto& entry : entries_) worst = std::max(worst, entry.imbalance());
  return worst;
}

std::vector<std::string> Audit::laws() const {
  std::vector<std::string> names;
  for (const auto& entry : entries_) {
    if (std::ranges::find(names, entry.law) == names.end()) names.push_back(entry.law);
  }
  return names;
}

std::string Audit::breaches_text() const {
  std::string text;
  for (const auto& entry : breaches()) {
    text += fmt::format("\n  {} of {}: in {:.12g}, accounted for {:.12g} (off by {:.3g}, allowed {:.3g})", entry.law,
                        entry.subject, entry.in, entry.out, entry.imbalance(), entry.tolerance);
  }
  return text;
}

}  // namespace fleetwatt::sim
