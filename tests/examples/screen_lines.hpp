// What a narrow screen shows, line by line and word by word.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "analysis/results/screen.hpp"

namespace fleetwatt::tests {

inline std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// The lines wider than `width`, but for those that hold one word alone.
inline std::vector<std::string> too_wide(const std::string& text, std::size_t width) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (analysis::display_width(line) > width && words_of(line).size() > 1) lines.push_back(line);
  }
  return lines;
}

}  // namespace fleetwatt::tests
