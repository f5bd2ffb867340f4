#include "analysis/export/tidy_csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <map>

#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/variables.hpp"
#include "analysis/results/writer.hpp"
#include "sim/calendar.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

std::vector<std::string> hours_of(const Hdf5Reader& reader, const std::string& path) {
  constexpr std::string_view prefix = "seconds since ";
  const std::string unit = reader.text_attribute("time", "units").value_or("");
  const auto start =
      unit.starts_with(prefix) ? sim::parse_time(std::string_view(unit).substr(prefix.size())) : std::nullopt;
  if (!start) throw sim::IoError(fmt::format("{}: its time has the unit `{}`", path, unit));
  std::vector<std::string> hours;
  for (const double seconds : reader.numbers("time"))
    hours.push_back(sim::to_iso8601({start->time.value + static_cast<std::int64_t>(seconds)}));
  return hours;
}

/// Quoted where a comma or a quote asks for it.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string tidy_csv(const std::string& path) {
  const Hdf5Reader reader(path);
  if (reader.text_attribute("", "format") != file_format)
    throw sim::IoError(fmt::format("{}: not a results file of this version of fleetwatt", path));
  const auto hours = hours_of(reader, path);
  std::map<std::string_view, std::vector<std::string>> labels = {{"", {"fleet"}}};
  for (const auto* dimension : {"site", "region", "service", "cluster"}) labels[dimension] = reader.texts(dimension);

  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), "time,dimension,entity,variable,unit,value\n");
  for (const auto& variable : variables()) {
    const std::string name(variable.name);
    if (!reader.has(name)) continue;
    const auto values = reader.numbers(name);
    const auto& entities = labels.at(variable.dimension);
    const std::string_view dimension = variable.dimension.empty() ? "fleet" : variable.dimension;
    for (std::size_t hour = 0; hour < hours.size(); ++hour) {
      for (std::size_t i = 0; i < entities.size(); ++i) {
        const double value = values[hour * entities.size() + i];
        fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{}\n", hours[hour], dimension, cell(entities[i]), name,
                       variable.unit, std::isnan(value) ? std::string() : fmt::format("{}", value));
      }
    }
  }
  return fmt::to_string(out);
}

}  // namespace fleetwatt::analysis
