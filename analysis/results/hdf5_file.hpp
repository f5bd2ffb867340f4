// A thin layer over HDF5's C interface: handles that close themselves, and the few shapes that a results file has.
// Files are made in memory, byte for byte the same for the same contents, and written to disk by whoever wants them
// (analysis/results/writer.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fleetwatt::analysis {

/// Names of dimensions, outermost first.
using Dimensions = std::vector<std::string>;

/// Builds a file in memory. Throws IoError where HDF5 reports a fault.
class Hdf5Image {
 public:
  Hdf5Image();
  ~Hdf5Image();
  Hdf5Image(const Hdf5Image&) = delete;
  Hdf5Image& operator=(const Hdf5Image&) = delete;

  /// Dimensions are made first: with a coordinate of texts or of whole seconds, or with none.
  void add_dimension(const std::string& name, const std::vector<std::string>& labels);
  void add_dimension(const std::string& name, const std::vector<std::int64_t>& values);
  void add_dimension(const std::string& name, std::size_t length);

  void add_variable(const std::string& name, const Dimensions& dimensions, std::span<const double> values);
  void add_variable(const std::string& name, const Dimensions& dimensions, std::span<const std::int64_t> values);
  void add_variable(const std::string& name, const Dimensions& dimensions, const std::vector<std::string>& values);

  /// On a variable, or on the file where `variable` is empty.
  void add_attribute(const std::string& variable, const std::string& name, const std::string& value);
  void add_attribute(const std::string& variable, const std::string& name, std::uint64_t value);

  /// The file's bytes, and behind them, where HDF5 does not look, a line of 32 with their hash: a reader of ours then
  /// knows that none was changed. A program that changes the file cuts it off.
  [[nodiscard]] std::vector<std::byte> bytes();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A results file opened to be read. Throws IoError where it is not HDF5, and where what a variable says of itself
/// cannot be: more values than a file of its size holds, texts in the place of numbers. What is read takes no more
/// memory than a few times the file's size.
class Hdf5Reader {
 public:
  explicit Hdf5Reader(const std::string& path);
  /// A file in memory; `name` stands for it in messages.
  Hdf5Reader(const std::string& name, std::span<const std::byte> image);
  ~Hdf5Reader();
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;

  [[nodiscard]] bool has(const std::string& variable) const;
  /// All variables, coordinates among them, by name.
  [[nodiscard]] std::vector<std::string> names() const;
  /// The dimensions of a variable; an empty name for one that has none.
  [[nodiscard]] Dimensions dimensions(const std::string& variable) const;
  [[nodiscard]] std::vector<std::size_t> shape(const std::string& variable) const;
  [[nodiscard]] std::vector<double> numbers(const std::string& variable) const;
  /// Of the outermost dimension, `count` from the `first` on.
  [[nodiscard]] std::vector<double> rows(const std::string& variable, std::size_t first, std::size_t count) const;
  [[nodiscard]] std::vector<std::string> texts(const std::string& variable) const;
  /// nullopt where there is no such attribute.
  [[nodiscard]] std::optional<std::string> text_attribute(const std::string& variable, const std::string& name) const;
  [[nodiscard]] std::optional<std::uint64_t> count_attribute(const std::string& variable,
                                                             const std::string& name) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Whether a file begins as HDF5 does; false also where there is none.
[[nodiscard]] bool begins_as_hdf5(const std::string& path);

}  // namespace fleetwatt::analysis
