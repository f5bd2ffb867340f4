#include "analysis/export/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "analysis/results/variables.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::string_view tidy_head = "time,dimension,entity,variable,unit,value\n";

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

/// Gathers text and hands it on in large pieces.
class Pieces {
 public:
  explicit Pieces(const TextSink& sink) : sink_(sink) {}

  template <class... Values>
  void add(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
  }
  /// Between two rows. False where nobody wants more.
  [[nodiscard]] bool go_on() { return text_.size() < piece_bytes || hand_on(); }
  bool hand_on() {
    const bool wanted = sink_({text_.data(), text_.size()});
    text_.clear();
    return wanted;
  }

 private:
  static constexpr std::size_t piece_bytes = std::size_t{1} << 16;
  const TextSink& sink_;
  fmt::memory_buffer text_;
};

/// Hours from first to end: as many at a time as a few megabytes hold, `width` numbers each.
std::vector<std::pair<std::size_t, std::size_t>> blocks_of(std::size_t hours, std::size_t width) {
  constexpr std::size_t most_numbers = std::size_t{1} << 19;
  const std::size_t length = std::max<std::size_t>(most_numbers / std::max<std::size_t>(width, 1), 1);
  std::vector<std::pair<std::size_t, std::size_t>> blocks;
  for (std::size_t first = 0; first < hours; first += length)
    blocks.emplace_back(first, std::min(first + length, hours));
  return blocks;
}

}  // namespace

CsvSize tidy_csv(const ResultsFile& file, const Selection& selection, const TextSink& sink) {
  CsvSize size;
  Pieces pieces(sink);
  pieces.add("{}", tidy_head);
  for (const auto& variable : selected(file, selection)) {
    const auto& entities = file.labels(variable.dimension);
    for (const auto& [first, end] : blocks_of(file.hours().size(), entities.size())) {
      const auto values = file.values_of_hours(variable, first, end - first);
      auto value = values.begin();
      for (std::size_t hour = first; hour < end; ++hour) {
        const std::string time = sim::to_iso8601(file.hours()[hour]);
        for (const auto& entity : entities) {
          pieces.add("{},{},{},{},{},{}\n", time, variable.dimension, cell(entity), cell(variable.name),
                     cell(variable.unit), cell(*value++));
          ++size.rows;
          if (!pieces.go_on()) return size;
        }
      }
    }
  }
  pieces.hand_on();
  return size;
}

CsvSize wide_csv(const ResultsFile& file, const Selection& selection, const TextSink& sink) {
  CsvSize size;
  Pieces pieces(sink);
  pieces.add("time");
  const auto variables = selected(file, selection);
  for (const auto& variable : variables) {
    const auto& entities = file.labels(variable.dimension);
    for (const auto& entity : entities) pieces.add(",{}", cell(variable.name + "/" + entity));
    size.columns += entities.size();
  }
  pieces.add("\n");
  for (const auto& [first, end] : blocks_of(file.hours().size(), size.columns)) {
    std::vector<std::vector<double>> values;
    for (const auto& variable : variables) values.push_back(file.values_of_hours(variable, first, end - first));
    for (std::size_t hour = first; hour < end; ++hour) {
      pieces.add("{}", sim::to_iso8601(file.hours()[hour]));
      for (std::size_t v = 0; v < variables.size(); ++v) {
        const std::size_t width = file.labels(variables[v].dimension).size();
        for (std::size_t i = 0; i < width; ++i) pieces.add(",{}", cell(values[v][(hour - first) * width + i]));
      }
      pieces.add("\n");
      ++size.rows;
      if (!pieces.go_on()) return size;
    }
  }
  pieces.hand_on();
  return size;
}

bool begins_as_export(std::string_view text) {
  if (text.starts_with(tidy_head)) return true;
  std::string_view head = text.substr(0, text.find('\n'));
  if (!head.starts_with("time,")) return false;
  head.remove_prefix(5);
  if (head.starts_with('"')) head.remove_prefix(1);
  const std::size_t slash = head.find('/');
  return slash != std::string_view::npos && find_variable(head.substr(0, slash)) != nullptr;
}

}  // namespace fleetwatt::analysis
