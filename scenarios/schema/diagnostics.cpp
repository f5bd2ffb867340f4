#include "scenarios/schema/diagnostics.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

namespace fleetwatt::scenarios {

void Diagnostics::add_source(const std::string& file, const std::string& text) {
  auto& lines = lines_[file];
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
}

void Diagnostics::error(const Origin& origin, std::string message, std::string mend) {
  sim::Diagnostic diagnostic;
  diagnostic.place = origin.place;
  diagnostic.message = std::move(message);
  diagnostic.mend = std::move(mend);
  diagnostic.width = origin.width;
  quote_line(diagnostic);
  found_.push_back(std::move(diagnostic));
}

void Diagnostics::quote_line(sim::Diagnostic& diagnostic) const {
  const auto source = lines_.find(diagnostic.place.file);
  const auto line = static_cast<std::size_t>(diagnostic.place.line);
  if (source != lines_.end() && line >= 1 && line <= source->second.size())
    diagnostic.source_line = source->second[line - 1];
}

void Diagnostics::add(const sim::InputError& error) {
  for (auto diagnostic : error.diagnostics()) {
    quote_line(diagnostic);
    found_.push_back(std::move(diagnostic));
  }
}

void Diagnostics::require_none() const {
  if (found_.empty()) return;
  auto sorted = found_;
  std::ranges::stable_sort(
      sorted, {}, [](const sim::Diagnostic& d) { return std::tie(d.place.file, d.place.line, d.place.column); });
  throw sim::InputError(std::move(sorted));
}

}  // namespace fleetwatt::scenarios
