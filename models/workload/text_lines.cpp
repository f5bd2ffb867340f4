#include "models/workload/text_lines.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace fleetwatt::models {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<TextLine> lines_of(std::string_view text, char comment) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<TextLine> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trimmed(line).empty() || trimmed(line).front() == comment) continue;
    lines.push_back({number, line});
  }
  return lines;
}

std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  bool quoted = false;
  const auto finish = [&] {
    cells.emplace_back(trimmed(cell));
    cell.clear();
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        cell += line[i++];  // "" inside quotes is one quote
      else
        quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      finish();
    } else {
      cell += line[i];
    }
  }
  finish();
  return cells;
}

std::optional<double> number_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

void FaultList::add(int line, std::string message, std::string mend) {
  if (++count_ > limit) return;
  sim::Diagnostic fault;
  fault.place = {file_name_, line, 0};
  fault.message = std::move(message);
  fault.mend = std::move(mend);
  faults_.push_back(std::move(fault));
}

void FaultList::require_none() const {
  if (empty()) return;
  auto faults = faults_;
  if (count_ > limit) {
    sim::Diagnostic rest;
    rest.place.file = file_name_;
    rest.message = fmt::format("and {} more faults of this file", count_ - limit);
    faults.push_back(rest);
  }
  throw sim::InputError(std::move(faults));
}

}  // namespace fleetwatt::models
