#include "analysis/cli/serving_options.hpp"

#include <charconv>

#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::analysis {

void ServingOptions::fault(std::string message, std::string mend) {
  faults_.push_back({{}, std::move(message), "", 1, std::move(mend)});
}

void ServingOptions::require_none() const {
  if (!faults_.empty()) throw sim::InputError(faults_);
}

std::string ServingOptions::one_of(const std::string& name, const std::vector<std::string>& names) {
  const auto best = scenarios::nearest(name, names);
  return fmt::format("{}one of: {}", best ? fmt::format("did you mean `{}`? ", *best) : "", fmt::join(names, ", "));
}

std::optional<int> ServingOptions::whole_number(const char* option, const std::string& text, Range range) {
  if (text.empty()) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= range.least && value <= range.most)
    return value;
  fault(fmt::format("{} {}: not a number that it can be", option, text),
        fmt::format("a whole number from {} to {}", range.least, range.most));
  return std::nullopt;
}

models::WeightPrecision ServingOptions::precision(const std::string& name,
                                                  const std::map<std::string, scenarios::ModelEntry>& models,
                                                  const std::string& model) {
  if (name.empty()) {
    const auto found = models.find(model);
    return found == models.end() ? models::WeightPrecision::bf16 : found->second.published_precision;
  }
  std::vector<std::string> names;
  for (const auto& entry : scenarios::weight_precisions) {
    if (entry.name == name) return entry.precision;
    names.emplace_back(entry.name);
  }
  fault(fmt::format("no precision `{}`", name), one_of(name, names));
  return models::WeightPrecision::bf16;
}

}  // namespace fleetwatt::analysis
