#include "analysis/export/csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

namespace fleetwatt::analysis {

namespace {

/// Quoted where a comma, a quote or the end of a line asks for it.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string cell(double value) {
  return std::isnan(value) ? std::string() : fmt::format("{}", value);
}

}  // namespace

std::string tidy_csv(const ResultsFile& file, const Selection& selection) {
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), "time,dimension,entity,variable,unit,value\n");
  for (const auto& variable : selected(file, selection)) {
    const auto& values = file.values(variable);
    const auto& entities = file.labels(variable.dimension);
    auto value = values.begin();
    for (const auto hour : file.hours()) {
      for (const auto& entity : entities)
        fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{}\n", sim::to_iso8601(hour), variable.dimension,
                       cell(entity), variable.name, variable.unit, cell(*value++));
    }
  }
  return fmt::to_string(out);
}

std::string wide_csv(const ResultsFile& file, const Selection& selection) {
  struct Block {
    std::vector<double> values;
    std::size_t entities;
  };
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), "time");
  std::vector<Block> blocks;
  for (const auto& variable : selected(file, selection)) {
    const auto& entities = file.labels(variable.dimension);
    for (const auto& entity : entities)
      fmt::format_to(std::back_inserter(out), ",{}", cell(variable.name + "/" + entity));
    blocks.push_back({file.values(variable), entities.size()});
  }
  for (std::size_t hour = 0; hour < file.hours().size(); ++hour) {
    fmt::format_to(std::back_inserter(out), "\n{}", sim::to_iso8601(file.hours()[hour]));
    for (const auto& block : blocks) {
      for (std::size_t i = 0; i < block.entities; ++i)
        fmt::format_to(std::back_inserter(out), ",{}", cell(block.values[hour * block.entities + i]));
    }
  }
  return fmt::to_string(out) + "\n";
}

}  // namespace fleetwatt::analysis
