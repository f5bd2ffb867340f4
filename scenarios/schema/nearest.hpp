// "Did you mean": the nearest of the names that would have been right.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::scenarios {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// The candidate that is the same but for case and separators (`DGX H100`), that the word is known to mean
/// (`us-east-1`: known_spellings.hpp), that has all of the word's parts (`llama-70b`) or whose parts the word all has
/// (`meta-llama/Llama-3.1-8B-Instruct`), or else, whatever the case, at the least distance, when that is at most a
/// third of the word (and at least 1), or which begins with the word; nullopt otherwise. Of equals by parts the last,
/// by letters the first.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// "one of: a, b, c"; the first dozen; nothing where there is none.
[[nodiscard]] std::string one_of(const std::vector<std::string>& candidates);

/// "did you mean `x`?", or "one of: a, b, c", or nothing.
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace fleetwatt::scenarios
