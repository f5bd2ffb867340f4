// The runs of a sweep: each `--vary PATH=VALUES` is an axis, all combinations are the grid, the last axis varies
// fastest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fleetwatt::analysis {

/// One path and its values.
struct Axis {
  std::string path;
  std::vector<std::string> values;  ///< as `--set` takes them
  std::vector<double> numbers;      ///< the same where all are plain numbers; else empty
};

class Grid {
 public:
  Grid() = default;
  explicit Grid(std::vector<Axis> axes) : axes_(std::move(axes)) {}

  [[nodiscard]] const std::vector<Axis>& axes() const { return axes_; }
  [[nodiscard]] std::size_t size() const;
  /// Which value of each axis the run has.
  [[nodiscard]] std::vector<std::size_t> at(std::size_t run) const;
  /// `path=value` of each axis.
  [[nodiscard]] std::vector<std::string> overrides(std::size_t run) const;

 private:
  std::vector<Axis> axes_;
};

/// Reads what followed each `--vary`: `PATH=a,b,c`, `PATH=[a, b, c]`, or for a number `PATH=START:STOP:COUNT`, COUNT
/// evenly spaced numbers with both ends. Throws InputError with every fault: a path that the format does not know (the
/// nearest is named), a list with an empty value, a path that is varied twice, a grid of more than `budget` runs.
[[nodiscard]] Grid parse_grid(const std::vector<std::string>& written, std::uint64_t budget);

/// What errors call an axis.
[[nodiscard]] std::string vary_option(const std::string& written);

}  // namespace fleetwatt::analysis
