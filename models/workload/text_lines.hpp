// Lines and comma-separated cells of a text file, as they come: byte-order mark, CRLF, comments, quoted cells.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/error.hpp"

namespace fleetwatt::models {

struct TextLine {
  int number = 0;  ///< from 1
  std::string_view text;
};

/// The lines of `text` without their ends; a leading byte-order mark is dropped, blank lines and those that begin with
/// `comment` are left out.
[[nodiscard]] std::vector<TextLine> lines_of(std::string_view text, char comment);

/// Cells of one line, outer blanks and quotes removed; a comma inside quotes does not split.
[[nodiscard]] std::vector<std::string> cells_of(std::string_view line);

/// The whole of `text` as a finite number; nullopt for anything else, an empty cell included.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

/// Gathers the faults of a file, so that all are reported at once, the first `limit` in full.
class FaultList {
 public:
  explicit FaultList(std::string file_name) : file_name_(std::move(file_name)) {}
  void add(int line, std::string message, std::string mend);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Throws InputError when there is any fault.
  void require_none() const;

 private:
  static constexpr int limit = 20;
  std::string file_name_;
  std::vector<sim::Diagnostic> faults_;
  int count_ = 0;
};

}  // namespace fleetwatt::models
