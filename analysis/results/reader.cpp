#include "analysis/results/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/results/quantities.hpp"
#include "analysis/results/variables.hpp"
#include "analysis/results/writer.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::int64_t hour_s = 3600;
constexpr std::array dimension_names = {"site", "region", "service", "cluster"};

/// Where the registries list a variable; behind all of them where they do not.
std::size_t place_in_registries(const std::string& name) {
  const auto hourly = std::ranges::find(variables(), name, &Variable::name);
  const auto total = std::ranges::find(quantities(), name, &Quantity::variable);
  if (hourly != variables().end()) return static_cast<std::size_t>(hourly - variables().begin());
  return static_cast<std::size_t>(total - quantities().begin()) + variables().size();
}

}  // namespace

ResultsFile::ResultsFile(const std::string& path) : name_(path), reader_(path) {
  read_structure();
}

ResultsFile::ResultsFile(const std::string& name, std::span<const std::byte> image)
    : name_(name), reader_(name, image) {
  read_structure();
}

void ResultsFile::refuse(const std::string& what) const {
  throw sim::IoError(fmt::format("{}: {}", name_, what));
}

void ResultsFile::read_structure() {
  format_ = text("format");
  if (format_ != file_format && format_ != differences_format)
    refuse(format_.empty()
               ? "not a results file of fleetwatt"
               : fmt::format("its format is `{}`; this version of fleetwatt reads `{}` here", format_, file_format));
  labels_["fleet"] = {"fleet"};
  for (const auto* dimension : dimension_names) {
    if (!reader_.has(dimension)) refuse(fmt::format("damaged: it has no dimension `{}`", dimension));
    labels_[dimension] = reader_.texts(dimension);
  }
  read_time();
  sort_in();
}

void ResultsFile::read_time() {
  constexpr std::string_view prefix = "seconds since ";
  if (!reader_.has("time")) refuse("damaged: it has no dimension `time`");
  const std::string unit = reader_.text_attribute("time", "units").value_or("");
  const auto start =
      unit.starts_with(prefix) ? sim::parse_time(std::string_view(unit).substr(prefix.size())) : std::nullopt;
  if (!start) refuse(fmt::format("its time has the unit `{}`", unit));
  start_ = start->time;
  for (const double seconds : reader_.numbers("time")) {
    const std::int64_t expected_s = hour_s * static_cast<std::int64_t>(hours_.size());
    if (seconds != static_cast<double>(expected_s)) refuse("damaged: its time does not go hour by hour");
    hours_.push_back({start_.value + expected_s});
  }
}

void ResultsFile::sort_in() {
  for (const auto& name : reader_.names()) {
    const auto unit = reader_.text_attribute(name, "units");
    if (!unit || labels_.contains(name) || name == "time") continue;
    Dimensions dimensions = reader_.dimensions(name);
    const bool hourly = !dimensions.empty() && dimensions.front() == "time";
    if (hourly) dimensions.erase(dimensions.begin());
    if (dimensions.size() > 1 || (!dimensions.empty() && !labels_.contains(dimensions.front()))) continue;
    StoredVariable variable{name, dimensions.empty() ? "fleet" : dimensions.front(), *unit,
                            reader_.text_attribute(name, "long_name").value_or("")};
    std::vector<std::size_t> expected;
    if (hourly) expected.push_back(hours_.size());
    if (!dimensions.empty()) expected.push_back(labels(variable.dimension).size());
    const auto stored = reader_.shape(name);
    if (stored != expected)
      refuse(fmt::format("damaged: `{}` has {} values where its dimensions have {}", name, fmt::join(stored, " x "),
                         fmt::join(expected, " x ")));
    (hourly ? hourly_ : totals_).push_back(std::move(variable));
  }
  for (auto* list : {&hourly_, &totals_})
    std::ranges::stable_sort(*list, {}, [](const StoredVariable& v) { return place_in_registries(v.name); });
}

std::string ResultsFile::text(const std::string& attribute) const {
  return reader_.text_attribute("", attribute).value_or("");
}

std::string ResultsFile::seed() const {
  const auto seed = reader_.count_attribute("", "seed");
  return seed ? fmt::format("{}", *seed) : "";
}

const std::vector<std::string>& ResultsFile::labels(std::string_view dimension) const {
  return labels_.find(dimension)->second;
}

const StoredVariable* ResultsFile::find_hourly(std::string_view variable) const {
  const auto found = std::ranges::find(hourly_, variable, &StoredVariable::name);
  return found == hourly_.end() ? nullptr : &*found;
}

const std::vector<double>& ResultsFile::values(const StoredVariable& variable) const {
  const auto found = values_.find(variable.name);
  return found != values_.end() ? found->second
                                : values_.emplace(variable.name, reader_.numbers(variable.name)).first->second;
}

std::string total_key(const std::string& variable) {
  const auto found = std::ranges::find(quantities(), variable, &Quantity::variable);
  return found == quantities().end() ? variable : std::string(found->key);
}

std::string span_text(sim::UtcSeconds start, std::int64_t hours) {
  const std::string length = hours % 24 == 0 ? fmt::format("{} d", hours / 24) : fmt::format("{} h", hours);
  return fmt::format("{}, {}", sim::to_text(start), length);
}

std::string headline(const ResultsFile& file) {
  std::string text = fmt::format("{} · {}", file.text("title"),
                                 span_text(file.start(), static_cast<std::int64_t>(file.hours().size())));
  if (!file.seed().empty()) text += fmt::format(", seed {}", file.seed());
  return text;
}

}  // namespace fleetwatt::analysis
