#include "analysis/calibrate/request_status.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "analysis/calibrate/log_table.hpp"
#include "models/workload/text_lines.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array<std::string_view, 9> nothing_words = {"0", "false", "none", "null", "nan", "no", "n", "[]", "{}"};
constexpr std::array<std::string_view, 8> failure_parts = {"error",  "fail",    "abort", "cancel",
                                                           "reject", "timeout", "timed", "unavailable"};
constexpr std::array<std::string_view, 8> success_starts = {"ok",   "succe", "complet", "finish",
                                                            "done", "stop",  "length",  "true"};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A code of HTTP; other numbers say nothing that is sure (0 is a success to a shell and a failure to C).
RequestStatus of_code(double code) {
  if (code >= 200 && code < 300) return RequestStatus::answered;
  return code >= 300 && code < 600 ? RequestStatus::failed : RequestStatus::unknown;
}

}  // namespace

RequestStatus request_status(std::string_view column_name, std::string_view cell) {
  if (cell.empty()) return RequestStatus::answered;
  const std::string name = lower_case(column_name);
  const std::string word = lower_case(cell);
  if (contains(name, "error") || contains(name, "fail"))
    return std::ranges::count(nothing_words, word) > 0 ? RequestStatus::answered : RequestStatus::failed;
  if (contains(name, "success") && (word == "0" || word == "1"))
    return word == "1" ? RequestStatus::answered : RequestStatus::failed;
  if (const auto code = models::number_of(cell)) return of_code(*code);
  if (word == "false") return RequestStatus::failed;
  const auto is_in = [&](std::string_view part) { return contains(word, part); };
  if (std::ranges::any_of(failure_parts, is_in)) return RequestStatus::failed;
  const auto begins = [&](std::string_view start) { return word.starts_with(start); };
  return std::ranges::any_of(success_starts, begins) ? RequestStatus::answered : RequestStatus::unknown;
}

}  // namespace fleetwatt::analysis
