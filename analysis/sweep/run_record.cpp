#include "analysis/sweep/run_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "analysis/results/quantities.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

const sim::RecordedDimension& recorded(const models::FleetResult& result, std::string_view dimension) {
  if (dimension == "site") return result.site_series;
  if (dimension == "region") return result.region_series;
  if (dimension == "service") return result.service_series;
  return result.cluster_series;
}

std::vector<double> values_of(const Variable& variable, const models::FleetResult& result) {
  if (variable.dimension.empty()) {
    std::vector<double> load_mw;
    for (const double load_w : result.load_w) load_mw.push_back(sim::mw_from_w(load_w));
    return load_mw;
  }
  const auto& series = recorded(result, variable.dimension).series;
  const auto found = std::ranges::find(series, variable.name, &sim::Series::name);
  if (found == series.end()) throw std::logic_error(fmt::format("no series {} was recorded", variable.name));
  return found->values();
}

std::vector<double> numbers_from(const nlohmann::json& array) {
  std::vector<double> numbers;
  numbers.reserve(array.size());
  for (const auto& value : array)
    numbers.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
  return numbers;
}

std::vector<std::vector<double>> tables_from(const nlohmann::json& array) {
  std::vector<std::vector<double>> tables;
  for (const auto& numbers : array) tables.push_back(numbers_from(numbers));
  return tables;
}

}  // namespace

std::size_t dimension_index(std::string_view dimension) {
  return static_cast<std::size_t>(std::ranges::find(entity_dimensions, dimension) - entity_dimensions.begin());
}

std::vector<std::string> input_lines(const scenarios::BuiltFleet& built) {
  std::vector<std::string> lines;
  for (const auto& input : built.inputs) lines.push_back(fmt::format("{} {:016x}", input.written, input.content_hash));
  return lines;
}

RunRecord record_of(std::size_t run, const RunOutput& output, const ChosenSeries& chosen) {
  RunRecord record;
  record.run = run;
  record.start = output.fleet().start;
  record.hours = output.result.hours;
  for (std::size_t i = 0; i < entity_dimensions.size(); ++i) record.labels[i] = entities(output, entity_dimensions[i]);
  for (const auto& quantity : quantities()) {
    const std::size_t dimension = dimension_index(quantity.dimension);
    const std::size_t count = dimension < record.labels.size() ? record.labels[dimension].size() : 1;
    auto& values = record.totals.emplace_back();
    for (std::size_t i = 0; i < count; ++i) values.push_back(quantity.value(output, i));
  }
  for (const Variable* variable : chosen) record.series.push_back(values_of(*variable, output.result));
  for (const auto& flag : output.result.flags) record.flags.push_back(flag.subject + ": " + flag.text);
  record.inputs = input_lines(output.built);
  return record;
}

RunRecord record_of_failure(std::size_t run, std::string error) {
  RunRecord record;
  record.run = run;
  record.error = std::move(error);
  while (record.error.ends_with('\n')) record.error.pop_back();
  if (record.error.empty()) record.error = "failed";
  return record;
}

std::string json_line(const RunRecord& record) {
  nlohmann::ordered_json line = {{"run", record.run}};
  if (!record.error.empty()) {
    line["error"] = record.error;
  } else {
    line["start"] = record.start.value;
    line["hours"] = record.hours;
    line["labels"] = record.labels;
    line["totals"] = record.totals;
    line["series"] = record.series;
    line["flags"] = record.flags;
    line["inputs"] = record.inputs;
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

RunRecord record_from(const nlohmann::json& line) {
  RunRecord record;
  line.at("run").get_to(record.run);
  if (line.contains("error")) {
    line.at("error").get_to(record.error);
    return record;
  }
  line.at("start").get_to(record.start.value);
  line.at("hours").get_to(record.hours);
  line.at("labels").get_to(record.labels);
  record.totals = tables_from(line.at("totals"));
  record.series = tables_from(line.at("series"));
  line.at("flags").get_to(record.flags);
  line.at("inputs").get_to(record.inputs);
  return record;
}

bool is_of_sweep(const RunRecord& record, std::size_t runs, const ChosenSeries& chosen) {
  if (record.run >= runs) return false;
  if (!record.error.empty()) return true;
  constexpr std::int64_t most_hours = 1'000'000;
  if (record.hours < 0 || record.hours > most_hours) return false;
  const auto entities_of = [&](std::string_view dimension) {
    const std::size_t index = dimension_index(dimension);
    return index < record.labels.size() ? record.labels[index].size() : std::size_t{1};
  };
  for (auto labels : record.labels) {
    std::ranges::sort(labels);
    if (std::ranges::adjacent_find(labels) != labels.end()) return false;
  }
  if (record.totals.size() != quantities().size() || record.series.size() != chosen.size()) return false;
  for (std::size_t q = 0; q < record.totals.size(); ++q) {
    if (record.totals[q].size() != entities_of(quantities()[q].dimension)) return false;
  }
  for (std::size_t s = 0; s < record.series.size(); ++s) {
    if (record.series[s].size() != static_cast<std::size_t>(record.hours) * entities_of(chosen[s]->dimension))
      return false;
  }
  return std::ranges::all_of(record.inputs, [](const auto& input) { return input.find(' ') != std::string::npos; });
}

}  // namespace fleetwatt::analysis
