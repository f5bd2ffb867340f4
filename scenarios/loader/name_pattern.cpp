#include "scenarios/loader/name_pattern.hpp"

#include <cstddef>

namespace fleetwatt::scenarios {

bool name_matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t taken = 0; taken <= text.size(); ++taken) {
      if (name_matches(pattern.substr(1), text.substr(taken))) return true;
      if (taken < text.size() && text[taken] == '.') return false;
    }
    return false;
  }
  return !text.empty() && pattern.front() == text.front() && name_matches(pattern.substr(1), text.substr(1));
}

}  // namespace fleetwatt::scenarios
