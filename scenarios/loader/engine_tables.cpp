#include "scenarios/loader/engine_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "models/workload/text_lines.hpp"
#include "sim/units.hpp"

namespace fleetwatt::scenarios {

namespace {

constexpr int any_degree = 0;
constexpr double most_gpus = 1e6;

/// A column and, where it may be absent, what then stands in it.
struct Column {
  std::string name;
  std::optional<double> otherwise = std::nullopt;
};

/// What the points of a table go by: one coordinate or two.
struct TableForm {
  Column row;
  std::optional<Column> column = std::nullopt;
  std::size_t fewest_columns = 1;
};

using Place = std::array<double, 2>;  ///< of a point, by row and column

class TableReader {
 public:
  TableReader(const TableForm& form, const std::string& file_name, int tensor_parallel)
      : form_(form), faults_(file_name), degree_(tensor_parallel) {}

  models::GridTable read(std::string_view text) {
    const auto lines = models::lines_of(text, '#');
    if (lines.empty()) faults_.add(0, "the file is empty", "a header line, then one row a point");
    faults_.require_none();
    find_columns(lines.front());
    faults_.require_none();
    for (std::size_t i = 1; i < lines.size(); ++i) read_row(lines[i]);
    faults_.require_none();
    check_degree();
    faults_.require_none();
    return grid();
  }

 private:
  struct Point {
    int line = 0;
    double time_s = 0.0;
  };

  void find_columns(const models::TextLine& header) {
    header_ = models::cells_of(header.text);
    const auto require = [&](const Column& column) {
      if (column.otherwise || std::ranges::find(header_, column.name) != header_.end()) return;
      faults_.add(header.number, fmt::format("no column `{}`", column.name),
                  fmt::format("the file has: {}", fmt::join(header_, ", ")));
    };
    require(form_.row);
    if (form_.column) require(*form_.column);
    require(time_);
  }

  void read_row(const models::TextLine& line) {
    const auto cells = models::cells_of(line.text);
    if (cells.size() != header_.size()) {
      faults_.add(line.number, fmt::format("{} fields, the header has {}", cells.size(), header_.size()),
                  "mend or remove the row");
      return;
    }
    const auto degree = value(line, cells, tensor_parallel_);
    const auto row = value(line, cells, form_.row);
    const auto column = form_.column ? value(line, cells, *form_.column) : 0.0;
    const auto time_ms = value(line, cells, time_);
    if (degree && (*degree != std::floor(*degree) || *degree > most_gpus || (*degree < 1.0 && has(tensor_parallel_)))) {
      faults_.add(line.number, fmt::format("`tensor_parallel` is {:g}", *degree), "a whole number of GPUs, from 1");
    } else if (degree && row && column && time_ms) {
      add_point(line, static_cast<int>(*degree), {*row, *column}, *time_ms);
    }
  }

  [[nodiscard]] bool has(const Column& column) const {
    return std::ranges::find(header_, column.name) != header_.end();
  }

  /// A number of zero or more; empty: reported.
  std::optional<double> value(const models::TextLine& line, const std::vector<std::string>& cells,
                              const Column& column) {
    const auto found = std::ranges::find(header_, column.name);
    if (found == header_.end()) return column.otherwise;
    const std::string& cell = cells[static_cast<std::size_t>(found - header_.begin())];
    const auto number = models::number_of(cell);
    if (!number)
      faults_.add(line.number, fmt::format("`{}` is no number", cell), fmt::format("a number in `{}`", column.name));
    else if (*number < 0.0)
      faults_.add(line.number, fmt::format("`{}` is {}", column.name, cell), "0 or more");
    else
      return number;
    return std::nullopt;
  }

  void add_point(const models::TextLine& line, int degree, const Place& at, double time_ms) {
    const auto [point, is_new] = points_[degree].try_emplace(at, Point{line.number, sim::s_from_ms(time_ms)});
    if (is_new) return;
    faults_.add(line.number, fmt::format("{} is there twice (line {})", name_of(degree, at), point->second.line),
                "one row a point: of repeated measurements, their median");
  }

  [[nodiscard]] std::string name_of(int degree, const Place& at) const {
    std::string name = fmt::format("{} = {:.10g}", form_.row.name, at[0]);
    if (form_.column) name += fmt::format(", {} = {:.10g}", form_.column->name, at[1]);
    if (degree != any_degree) name += fmt::format(", {} = {}", tensor_parallel_.name, degree);
    return name;
  }

  void check_degree() {
    if (points_.empty()) faults_.add(0, "the file has no rows", "one row a point, two or more");
    if (points_.empty() || points_.contains(any_degree) || points_.contains(degree_)) return;
    std::vector<int> degrees;
    for (const auto& [degree, points] : points_) degrees.push_back(degree);
    faults_.add(
        0, fmt::format("no row with {} = {}", tensor_parallel_.name, degree_),
        fmt::format("measure it, or set the service's `tensor_parallel`: the file has {}", fmt::join(degrees, ", ")));
  }

  models::GridTable grid() {
    const auto& points = points_.contains(degree_) ? points_.at(degree_) : points_.at(any_degree);
    const int degree = points_.contains(degree_) ? degree_ : any_degree;
    std::array<std::set<double>, 2> axes;
    for (const auto& [at, point] : points) {
      axes[0].insert(at[0]);
      axes[1].insert(at[1]);
    }
    check_axis(form_.row, axes[0], 2);
    if (form_.column) check_axis(*form_.column, axes[1], form_.fewest_columns);
    models::GridTable table{{axes[0].begin(), axes[0].end()}, {axes[1].begin(), axes[1].end()}, {}};
    for (const double row : table.rows) {
      for (const double column : table.columns) {
        const auto point = points.find({row, column});
        if (point == points.end())
          faults_.add(0, fmt::format("no row for {}", name_of(degree, {row, column})),
                      fmt::format("a full grid: every {} with every {}", form_.row.name, form_.column->name));
        else
          table.values.push_back(point->second.time_s);
      }
    }
    faults_.require_none();
    return table;
  }

  void check_axis(const Column& column, const std::set<double>& axis, std::size_t fewest) {
    if (axis.size() >= fewest) return;
    faults_.add(0, fmt::format("one value of `{}`, {:.10g}", column.name, *axis.begin()),
                "two or more, to draw a line through");
  }

  const TableForm& form_;
  const Column time_{"time_ms"};
  const Column tensor_parallel_{"tensor_parallel", any_degree};
  models::FaultList faults_;
  int degree_ = any_degree;
  std::vector<std::string> header_;
  std::map<int, std::map<Place, Point>> points_;  ///< by tensor-parallel degree
};

models::GridTable read_table(const TableForm& form, std::string_view text, const std::string& file_name,
                             int tensor_parallel) {
  return TableReader(form, file_name, tensor_parallel).read(text);
}

}  // namespace

models::LinearTable read_token_table(std::string_view text, const std::string& file_name, int tensor_parallel) {
  models::GridTable table = read_table({.row = {"num_tokens"}}, text, file_name, tensor_parallel);
  return {std::move(table.rows), std::move(table.values)};
}

models::GridTable read_decode_table(std::string_view text, const std::string& file_name, int tensor_parallel) {
  return read_table({.row = {"batch"}, .column = Column{"mean_context"}, .fewest_columns = 2}, text, file_name,
                    tensor_parallel);
}

models::GridTable read_prefill_table(std::string_view text, const std::string& file_name, int tensor_parallel) {
  return read_table({.row = {"chunk"}, .column = Column{"context", 0.0}}, text, file_name, tensor_parallel);
}

std::vector<std::string> beyond_tables(const models::IterationTables& tables, const models::Deployment& deployment) {
  std::vector<std::string> sentences;
  const auto compare = [&](const char* what, double asked, const char* table, double last) {
    if (asked > last)
      sentences.push_back(fmt::format("{} of {:g} is beyond the last point of `{}`, {:g}: extrapolated there", what,
                                      asked, table, last));
  };
  const double places = deployment.pipeline_parallel * deployment.data_parallel;
  const double batch = deployment.batch_limit / places;
  const double chunk = deployment.prefill_tokens_per_iteration;  // of one prompt it is in one stage at a time
  compare("a batch", batch, "decode_attention", tables.decode_attention.rows.back());
  compare("a prompt chunk", chunk, "prefill_attention", tables.prefill_attention.rows.back());
  const double tokens = std::max(batch, chunk);
  compare("an iteration", tokens, "dense_operators", tables.dense_operators.at.back());
  if (tables.collectives) compare("an iteration", tokens, "collectives", tables.collectives->at.back());
  return sentences;
}

}  // namespace fleetwatt::scenarios
