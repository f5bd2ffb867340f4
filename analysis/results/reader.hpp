// A results file as its readers want it: hourly variables and totals by name, entities by dimension. What `export`,
// `show` and `compare` stand on. Files of a run and files of differences between two (analysis/compare) have one
// layout.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/results/hdf5_file.hpp"
#include "sim/calendar.hpp"

namespace fleetwatt::analysis {

/// Where a file holds numbers.
struct StoredVariable {
  std::string name;
  std::string dimension;  ///< site, region, service, cluster; fleet where it has no entities
  std::string unit;
  std::string long_name;
};

class ResultsFile {
 public:
  /// Throws IoError where `path` is not a file of fleetwatt's, or is damaged.
  explicit ResultsFile(const std::string& path);
  /// A file in memory; `name` stands for it in messages.
  ResultsFile(const std::string& name, std::span<const std::byte> image);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// file_format or differences_format (analysis/results/writer.hpp).
  [[nodiscard]] const std::string& format() const { return format_; }
  /// A text of the whole file, such as "title"; empty where it has none.
  [[nodiscard]] std::string text(const std::string& attribute) const;
  [[nodiscard]] std::string seed() const;

  [[nodiscard]] sim::UtcSeconds start() const { return start_; }
  /// The start of each hour.
  [[nodiscard]] const std::vector<sim::UtcSeconds>& hours() const { return hours_; }
  /// Entities of a dimension; {"fleet"} for the fleet.
  [[nodiscard]] const std::vector<std::string>& labels(std::string_view dimension) const;

  /// On (time, entity): those of the registry in its order, then others by name. Values are hours times entities.
  [[nodiscard]] const std::vector<StoredVariable>& hourly() const { return hourly_; }
  /// On (entity), the same way.
  [[nodiscard]] const std::vector<StoredVariable>& totals() const { return totals_; }
  /// Null where the file has no such hourly variable.
  [[nodiscard]] const StoredVariable* find_hourly(std::string_view variable) const;
  /// Read from the file once, then kept.
  [[nodiscard]] const std::vector<double>& values(const StoredVariable& variable) const;
  /// Those of so many hours from the `first` on, not kept: for files larger than memory. Of an hourly variable.
  [[nodiscard]] std::vector<double> values_of_hours(const StoredVariable& variable, std::size_t first,
                                                    std::size_t count) const {
    return reader_.rows(variable.name, first, count);
  }
  [[nodiscard]] bool has(const std::string& variable) const { return reader_.has(variable); }
  /// Labels of entities, such as site_region.
  [[nodiscard]] std::vector<std::string> texts(const std::string& variable) const { return reader_.texts(variable); }

 private:
  void read_structure();
  void read_time();
  void sort_in();
  [[noreturn]] void refuse(const std::string& what) const;

  std::string name_;
  Hdf5Reader reader_;
  std::string format_;
  sim::UtcSeconds start_;
  std::vector<sim::UtcSeconds> hours_;
  std::map<std::string, std::vector<std::string>, std::less<>> labels_;
  std::vector<StoredVariable> hourly_;
  std::vector<StoredVariable> totals_;
  mutable std::map<std::string, std::vector<double>> values_;
};

/// The registered key of a total (analysis/results/quantities.hpp), `pue` of `site_pue_mean`; else its own name.
[[nodiscard]] std::string total_key(const std::string& variable);
/// "2024-07-15 00:00 UTC, 3 d"
[[nodiscard]] std::string span_text(sim::UtcSeconds start, std::int64_t hours);
/// Title, span and seed of a file, on one line.
[[nodiscard]] std::string headline(const ResultsFile& file);

}  // namespace fleetwatt::analysis
