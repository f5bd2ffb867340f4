#include "analysis/results/accounting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <string_view>
#include <vector>

namespace fleetwatt::analysis {

namespace {

using Words = std::array<std::string_view, 3>;

constexpr Words carbon_words = {"direct", "life-cycle", "unstated"};   // by models::CarbonBasis
constexpr Words resolution_words = {"annual", "constant", "hourly"};   // by models::SignalOrigin
constexpr Words price_words = {"annual", "the scenario's", "hourly"};  // likewise

/// The words that any region calls for, in their order.
template <class IndexOf>
std::vector<std::string_view> called(const RunOutput& run, const Words& words, IndexOf index_of) {
  std::array<bool, std::tuple_size_v<Words>> is_called{};
  for (const auto& region : run.fleet().regions) is_called[static_cast<std::size_t>(index_of(region))] = true;
  std::vector<std::string_view> those;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_called[i]) those.push_back(words[i]);
  }
  return those;
}

/// A catalogue and the files that say so give averages; of other numbers that is unknown too.
std::string carbon_text(const std::vector<std::string_view>& bases) {
  if (bases.empty() || bases.back() != carbon_words.back()) return fmt::format("{}, average", fmt::join(bases, " or "));
  if (bases.size() == 1) return std::string(bases.front());
  return fmt::format("{} average or unstated", fmt::join(bases.begin(), bases.end() - 1, " or "));
}

}  // namespace

std::string accounting_text(const RunOutput& run) {
  using models::Region;
  const auto bases = called(run, carbon_words, [](const Region& r) { return r.carbon_basis; });
  const auto carbon = called(run, resolution_words, [](const Region& r) { return r.carbon_g_per_kwh.origin; });
  const auto price = called(run, price_words, [](const Region& r) { return r.price_usd_per_mwh.origin; });
  return fmt::format("CO2: {}, {}{}; cost: energy at {} prices{}, no demand charge", carbon_text(bases),
                     fmt::join(carbon, " or "), bases.size() > 1 || carbon.size() > 1 ? ", by region" : "",
                     fmt::join(price, " or "), price.size() > 1 ? ", by region" : "");
}

}  // namespace fleetwatt::analysis
