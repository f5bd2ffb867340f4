#include "scenarios/schema/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "scenarios/schema/known_spellings.hpp"

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

namespace {

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

std::string lower(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// In lower case, letters and digits alone: `DGX H100` and `dgx-h100` are `dgxh100`.
std::string squeezed(std::string_view word) {
  std::string text = lower(word);
  std::erase_if(text, [](char c) { return !is_letter_or_digit(c); });
  return text;
}

/// What a name may have in front or behind that tells nothing: makers and kinds of release.
constexpr std::array noise = {"nvidia",    "amd",    "meta",     "openai", "ai",
                              "mistralai", "google", "instruct", "chat",   "gpu"};

using Parts = std::vector<std::string>;

/// `Llama3.1-70B` is llama, 3.1 and 70b: parts end at separators, and where a word of three letters turns into a
/// number.
Parts parts_of(std::string_view word) {
  Parts parts(1);
  const std::string text = lower(word);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool separates = !is_letter_or_digit(text[i]) && text[i] != '.';
    std::string& part = parts.back();
    const bool turns = part.size() >= 3 && std::isdigit(static_cast<unsigned char>(text[i])) != 0 &&
                       std::ranges::all_of(part, [](unsigned char c) { return std::isalpha(c) != 0; });
    if ((separates || turns) && !part.empty()) parts.emplace_back();
    if (!separates) parts.back() += text[i];
  }
  std::erase_if(parts, [](const std::string& part) {
    return part.empty() || std::ranges::find(noise, std::string_view(part)) != noise.end();
  });
  return parts;
}

/// How far a name is from parts that it all has, whole or as the beginning of its own; one part must be whole. Each
/// part that it has beyond them counts, and each beginning.
std::optional<std::size_t> distance_by_parts(const Parts& word, Parts candidate) {
  std::size_t whole = 0;
  for (const auto& part : word) {
    auto found = std::ranges::find(candidate, part);
    if (found != candidate.end())
      ++whole;
    else
      found = std::ranges::find_if(candidate, [&](const std::string& own) { return own.starts_with(part); });
    if (found == candidate.end()) return std::nullopt;
    candidate.erase(found);
  }
  if (whole == 0) return std::nullopt;
  return candidate.size() + word.size() - whole;
}

/// The candidate at the least distance that is given; the last of equals, which among names with numbers is the newest.
template <class Distance>
std::optional<std::string> last_least(std::span<const std::string> candidates, Distance distance) {
  std::optional<std::string> best;
  std::optional<std::size_t> least;
  for (const auto& candidate : candidates) {
    const auto far = distance(candidate);
    if (!far || (least && *far > *least)) continue;
    least = far;
    best = candidate;
  }
  return best;
}

std::optional<std::string> nearest_by_parts(std::string_view word, std::span<const std::string> candidates) {
  const Parts parts = parts_of(word);
  const auto longer =
      last_least(candidates, [&](const std::string& c) { return distance_by_parts(parts, parts_of(c)); });
  if (longer) return longer;
  return last_least(candidates, [&](const std::string& c) -> std::optional<std::size_t> {
    const Parts own = parts_of(c);
    const bool has_all =
        std::ranges::all_of(own, [&](const auto& part) { return std::ranges::find(parts, part) != parts.end(); });
    if (own.empty() || !has_all) return std::nullopt;
    return parts.size() - std::min(parts.size(), own.size());
  });
}

std::optional<std::string> nearest_known(std::string_view word, std::span<const std::string> candidates) {
  const std::string written = squeezed(word);
  for (const auto& candidate : candidates) {
    if (!written.empty() && squeezed(candidate) == written) return candidate;
  }
  for (const auto& known : known_spellings) {
    if (known.written == written && std::ranges::find(candidates, known.name) != candidates.end())
      return std::string(known.name);
  }
  return std::nullopt;
}

std::optional<std::string> nearest_by_letters(std::string_view word, std::span<const std::string> candidates) {
  const int allowed = std::max(1, static_cast<int>(word.size() / 3));
  int least = allowed + 1;
  std::optional<std::string> best;
  for (const auto& candidate : candidates) {
    const std::string name = lower(candidate);
    const int distance = word.size() >= 3 && name.starts_with(word) ? 1 : edit_distance(word, name);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  if (auto known = nearest_known(word, candidates)) return known;
  if (auto by_parts = nearest_by_parts(word, candidates)) return by_parts;
  return nearest_by_letters(lower(word), candidates);
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
