#include "analysis/cli/error_text.hpp"

#include <algorithm>

namespace fleetwatt::analysis {

namespace {

constexpr std::string_view margin = "      | ";  // of the marker below a line of a file
constexpr std::size_t hang = 7;                  // of a mend that stands alone

bool is_file_line(std::string_view line) {
  const std::size_t bar = line.find(" | ");
  return bar != std::string_view::npos && bar > 0 && line.find_first_not_of(" 0123456789") == bar + 1;
}

/// "      |    ^~~~ mend"
std::string marker_lines(std::string_view line, const Screen& screen) {
  const std::size_t end = line.find_first_not_of(" ^~", margin.size());
  if (screen.width == 0 || display_width(line) <= screen.width || end == std::string_view::npos)
    return std::string(line);
  const std::string_view marker = line.substr(0, line.find_last_of("^~", end) + 1);
  return std::string(marker) + "\n" +
         filled(std::string(margin) + std::string(line.substr(end)), screen.width, margin.size());
}

std::string sentence(std::string_view line, const Screen& screen) {
  constexpr std::string_view word = "error:";
  std::string text = filled(line, screen.width, hang);
  const std::size_t at = text.find(word);
  const bool is_prefix = at != std::string::npos && (at == 0 || text.substr(0, at).ends_with(": "));
  if (!is_prefix) return text;
  return text.substr(0, at) + painted(word, Colour::red, screen) + text.substr(at + word.size());
}

}  // namespace

std::string error_text(std::string_view text, const Screen& screen) {
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(margin) && line.find('^') != std::string_view::npos)
      lines += marker_lines(line, screen);
    else
      lines += is_file_line(line) ? std::string(line) : sentence(line, screen);
    if (end < text.size()) lines += '\n';
    at = end + 1;
  }
  return lines;
}

}  // namespace fleetwatt::analysis
