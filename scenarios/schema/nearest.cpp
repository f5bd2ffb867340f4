#include "scenarios/schema/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace fleetwatt::scenarios {

int edit_distance(std::string_view a, std::string_view b) {
  const std::size_t columns = b.size() + 1;
  std::vector<int> table((a.size() + 1) * columns);
  const auto at = [&](std::size_t i, std::size_t j) -> int& { return table[i * columns + j]; };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const int substitution = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(a.size(), b.size());
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  const int allowed = std::max(1, static_cast<int>(word.size() / 3));
  int least = allowed + 1;
  std::optional<std::string> best;
  for (const auto& candidate : candidates) {
    const int distance = word.size() >= 3 && candidate.starts_with(word) ? 1 : edit_distance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

std::string one_of(const std::vector<std::string>& candidates) {
  if (candidates.empty()) return "";
  constexpr std::size_t shown = 12;
  const auto end = candidates.begin() + static_cast<std::ptrdiff_t>(std::min(shown, candidates.size()));
  return fmt::format("one of: {}{}", fmt::join(candidates.begin(), end, ", "),
                     candidates.size() > shown ? ", ..." : "");
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  if (const auto best = nearest(word, candidates)) return fmt::format("did you mean `{}`?", *best);
  return one_of(candidates);
}

}  // namespace fleetwatt::scenarios
