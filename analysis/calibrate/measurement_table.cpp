#include "analysis/calibrate/measurement_table.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "analysis/calibrate/measurement.hpp"
#include "models/workload/text_lines.hpp"

namespace fleetwatt::analysis {

MeasurementTable::MeasurementTable(const std::string& text, const std::string& file_name,
                                   const std::vector<std::string>& columns)
    : file_name_(file_name) {
  models::FaultList faults(file_name);
  const auto lines = models::lines_of(text, '#');
  if (lines.empty()) faults.add(1, "the file is empty", "give a CSV file with a header line");
  faults.require_none();
  const auto header = models::cells_of(lines.front().text);
  for (std::size_t i = 0; i < header.size(); ++i) columns_[header[i]] = i;
  for (const auto& column : columns) {
    if (!columns_.contains(column)) faults.add(1, fmt::format("no column '{}'", column), "is it the right file?");
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    Row row{lines[i].number, models::cells_of(lines[i].text)};
    if (row.cells.size() != header.size())
      faults.add(row.line, fmt::format("{} cells where the header has {}", row.cells.size(), header.size()), "");
    rows_.push_back(std::move(row));
  }
  faults.require_none();
}

const std::string& MeasurementTable::text(std::size_t row, const std::string& column) const {
  return rows_[row].cells[columns_.at(column)];
}

double MeasurementTable::number(std::size_t row, const std::string& column) const {
  if (const auto value = models::number_of(text(row, column))) return *value;
  models::FaultList faults(file_name_);
  faults.add(line(row), fmt::format("'{}' in column {}, where a number is expected", text(row, column), column), "");
  faults.require_none();
  return 0.0;
}

std::string catalogue_model(const std::string& released_name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 19> parts = {{
      {"Llama-3.1-8B", "llama-3.1-8b"},       {"Llama-3.3-70B", "llama-3.1-70b"},   {"Llama-3.1-70B", "llama-3.1-70b"},
      {"Llama-3.1-405B", "llama-3.1-405b"},   {"Qwen3-VL-8B", "qwen3-8b"},          {"Qwen3-8B", "qwen3-8b"},
      {"Qwen3-VL-32B", "qwen3-32b"},          {"Qwen3-32B", "qwen3-32b"},           {"gemma-3-12b", "gemma-3-12b"},
      {"Nano-9B", "nemotron-nano-9b-v2"},     {"Nano-12B", "nemotron-nano-12b-v2"}, {"235B-A22B", "qwen3-235b-a22b"},
      {"480B-A35B", "qwen3-coder-480b-a35b"}, {"30B-A3B", "qwen3-30b-a3b"},         {"DeepSeek-R1", "deepseek-r1"},
      {"Scout-17B", "llama-4-scout"},         {"Maverick-17B", "llama-4-maverick"}, {"gpt-oss-120b", "gpt-oss-120b"},
      {"CodeLlama-70b", "llama-2-70b"},
  }};
  for (const auto& [part, entry] : parts) {
    if (released_name.find(part) != std::string::npos) return std::string(entry);
  }
  return released_name.find("Mixtral-8x7B") != std::string::npos ? "mixtral-8x7b" : "";
}

std::string_view name_of(ModelClass model_class) {
  switch (model_class) {
    case ModelClass::moe:
      return "MoE";
    case ModelClass::hybrid:
      return "hybrid";
    case ModelClass::dense:
      break;
  }
  return "dense";
}

}  // namespace fleetwatt::analysis
