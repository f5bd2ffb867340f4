#include "sim/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fleetwatt::sim {

std::string to_text(const Diagnostic& diagnostic) {
  std::string text = diagnostic.place.file;
  if (diagnostic.place.line > 0) text += fmt::format(":{}", diagnostic.place.line);
  if (diagnostic.place.line > 0 && diagnostic.place.column > 0) text += fmt::format(":{}", diagnostic.place.column);
  text += fmt::format("{}error: {}\n", text.empty() ? "" : ": ", diagnostic.message);
  if (diagnostic.source_line.empty()) {
    if (!diagnostic.mend.empty()) text += fmt::format("       {}\n", diagnostic.mend);
    return text;
  }
  const auto indent = static_cast<std::size_t>(std::max(diagnostic.place.column - 1, 0));
  const auto width = static_cast<std::size_t>(std::max(diagnostic.width, 1));
  text += fmt::format("{:>5} | {}\n", diagnostic.place.line, diagnostic.source_line);
  text += fmt::format("      | {}^{}{}{}\n", std::string(indent, ' '), std::string(width - 1, '~'),
                      diagnostic.mend.empty() ? "" : " ", diagnostic.mend);
  return text;
}

namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += to_text(diagnostic);
  return text;
}

}  // namespace

InputError::InputError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace fleetwatt::sim
