// A CSV file of measurements with a header line, by column names; and which catalogue entry has the shape of a released
// model.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace fleetwatt::analysis {

class MeasurementTable {
 public:
  /// Throws InputError where a column is missing or a line has another number of cells than the header.
  MeasurementTable(const std::string& text, const std::string& file_name, const std::vector<std::string>& columns);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] int line(std::size_t row) const { return rows_[row].line; }
  [[nodiscard]] const std::string& text(std::size_t row, const std::string& column) const;
  /// Throws InputError where the cell is no number.
  [[nodiscard]] double number(std::size_t row, const std::string& column) const;

 private:
  struct Row {
    int line = 0;
    std::vector<std::string> cells;
  };
  std::string file_name_;
  std::map<std::string, std::size_t> columns_;
  std::vector<Row> rows_;
};

/// The catalogue's entry for a released model's name, by the parts of the name that tell shapes apart; empty where
/// there is none.
[[nodiscard]] std::string catalogue_model(const std::string& released_name);

}  // namespace fleetwatt::analysis
