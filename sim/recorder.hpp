// What a run observed, in memory: labelled series on named dimensions. Models write here and know no files;
// analysis/results turns it into one. One writer a cell: pools and sites write their own column, so no locks are
// needed.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fleetwatt::sim {

/// A quantity on (time bin, entity), row by row.
class Series {
 public:
  Series(std::string name, std::size_t bins, std::size_t entities)
      : name_(std::move(name)), entities_(entities), values_(bins * entities, 0.0) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t bins() const { return entities_ == 0 ? 0 : values_.size() / entities_; }
  [[nodiscard]] std::size_t entities() const { return entities_; }
  [[nodiscard]] double& at(std::size_t bin, std::size_t entity) { return values_[bin * entities_ + entity]; }
  [[nodiscard]] double at(std::size_t bin, std::size_t entity) const { return values_[bin * entities_ + entity]; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }
  /// Of a run that ended early: bins at and after `bins` are dropped.
  void keep_first(std::size_t bins) { values_.resize(bins * entities_); }
  /// Sum of one entity's bins, in time order.
  [[nodiscard]] double total(std::size_t entity) const {
    double sum = 0.0;
    for (std::size_t bin = 0; bin < bins(); ++bin) sum += at(bin, entity);
    return sum;
  }

 private:
  std::string name_;
  std::size_t entities_;
  std::vector<double> values_;
};

/// The entities of one dimension ("site": san-jose, dallas) and the series that were recorded on it.
struct RecordedDimension {
  std::string name;
  std::vector<std::string> labels;
  std::vector<Series> series;
};

}  // namespace fleetwatt::sim
