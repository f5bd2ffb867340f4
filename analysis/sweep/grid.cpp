#include "analysis/sweep/grid.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "analysis/results/figures.hpp"
#include "scenarios/loader/toml_reader.hpp"
#include "scenarios/schema/nearest.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::analysis {

namespace {

using scenarios::ValueKind;

constexpr const char* axis_examples =
    "write --vary PATH=LIST or --vary PATH=START:STOP:COUNT, such as --vary site.dallas.cooling.supply_air_c=18:27:4";

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

/// Parts between `separator`s that stand outside quotes and brackets.
std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == separator && depth == 0 && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (auto& part : parts) part = trimmed(part);
  return parts;
}

std::optional<double> number_in(const std::string& text) {
  const scenarios::Node node = scenarios::read_toml_value(text, {});
  if (node.kind == scenarios::Node::Kind::number) return node.number;
  if (node.kind == scenarios::Node::Kind::integer) return static_cast<double>(node.integer);
  return std::nullopt;
}

/// One spelling for each key: `site."a".region` is `site.a.region`.
std::string canonical(const std::string& path) {
  std::string joined;
  for (const auto& key : scenarios::split_path(path)) joined = scenarios::join_path(joined, key);
  return joined;
}

bool takes_numbers(ValueKind kind) {
  return kind == ValueKind::number || kind == ValueKind::integer || kind == ValueKind::named_numbers;
}

bool takes_text(ValueKind kind) {
  return kind == ValueKind::text || kind == ValueKind::choice || kind == ValueKind::duration ||
         kind == ValueKind::family || kind == ValueKind::name_or_shares;
}

std::uint64_t product(std::uint64_t a, std::uint64_t b) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  return b != 0 && a > most / b ? most : a * b;
}

/// Reads one `--vary`; faults are kept, so that all are reported at once.
class AxisReader {
 public:
  AxisReader(const std::string& written, std::uint64_t budget, scenarios::Diagnostics& diagnostics)
      : written_(written), budget_(budget), diagnostics_(diagnostics) {}

  std::optional<Axis> read() {
    const std::size_t equals = written_.find('=');
    if (equals == std::string::npos) return refuse("no `=` in it", axis_examples);
    axis_.path = written_.substr(0, equals);
    const auto lookup = scenarios::find_field(axis_.path);
    if (lookup.field == nullptr) {
      return refuse(fmt::format("unknown key `{}` in `{}`", lookup.wrong, axis_.path),
                    scenarios::suggestion(lookup.wrong, lookup.known));
    }
    if (axis_.path.find('.') == std::string::npos)
      return refuse(fmt::format("`{}` is not one key, but a part of the scenario", axis_.path), axis_examples);
    axis_.path = canonical(axis_.path);
    const std::string values = trimmed(written_.substr(equals + 1));
    const bool is_range = takes_numbers(lookup.field->kind) && values.find(':') != std::string::npos;
    if (is_range ? !read_range(values) : !read_list(values, lookup.field->kind)) return std::nullopt;
    return std::move(axis_);
  }

 private:
  std::nullopt_t refuse(std::string message, std::string mend) {
    diagnostics_.error({scenarios::OriginKind::command_line, {vary_option(written_), 0, 0}, 1}, std::move(message),
                       std::move(mend));
    return std::nullopt;
  }

  bool read_list(const std::string& text, ValueKind kind) {
    const bool in_brackets = text.starts_with('[') && text.ends_with(']') && split(text, ',').size() == 1;
    axis_.values = split(in_brackets ? text.substr(1, text.size() - 2) : text, ',');
    if (std::ranges::find(axis_.values, "") != axis_.values.end()) {
      refuse("an empty value in the list", axis_examples);
      return false;
    }
    for (auto& value : axis_.values) {
      if (takes_text(kind) && value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      const auto number = takes_numbers(kind) ? number_in(value) : std::nullopt;
      if (number) axis_.numbers.push_back(*number);
    }
    if (axis_.numbers.size() != axis_.values.size()) axis_.numbers.clear();
    return true;
  }

  bool read_range(const std::string& text) {
    const auto parts = split(text, ':');
    const auto start = number_in(parts.front());
    const auto stop = number_in(parts.size() > 1 ? parts[1] : "");
    std::uint64_t count = 0;
    if (parts.size() == 3) std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), count);
    if (parts.size() != 3 || !start || !stop || count == 0 || fmt::format("{}", count) != parts[2]) {
      refuse(fmt::format("`{}` is not START:STOP:COUNT", text), "two numbers and how many values, such as 18:27:4");
      return false;
    }
    if (count == 1 && *start != *stop) {
      refuse("one value cannot be both ends", fmt::format("COUNT of 2 or more, or {} alone", parts[0]));
      return false;
    }
    if (count > budget_) {
      refuse(fmt::format("{} values are more than the budget of {} runs", analysis::count(static_cast<double>(count)),
                         analysis::count(static_cast<double>(budget_))),
             "fewer values, or a larger --budget");
      return false;
    }
    for (std::uint64_t i = 0; i < count; ++i) axis_.values.push_back(spaced(parts, *start, *stop, count, i));
    for (const auto& value : axis_.values) axis_.numbers.push_back(*number_in(value));
    return true;
  }

  /// The ends as written; between them 15 digits, without the last bit's rounding.
  static std::string spaced(const std::vector<std::string>& parts, double start, double stop, std::uint64_t count,
                            std::uint64_t i) {
    if (i == 0) return parts[0];
    if (i == count - 1) return parts[1];
    const auto steps = static_cast<double>(count - 1);
    const auto step = static_cast<double>(i);
    return fmt::format("{:.15g}", (start * (steps - step) + stop * step) / steps);
  }

  const std::string& written_;
  std::uint64_t budget_;
  scenarios::Diagnostics& diagnostics_;
  Axis axis_;
};

void check_budget(const std::vector<Axis>& axes, std::uint64_t budget, scenarios::Diagnostics& diagnostics) {
  std::uint64_t runs = 1;
  std::vector<std::size_t> lengths;
  for (const auto& axis : axes) {
    lengths.push_back(axis.values.size());
    runs = product(runs, axis.values.size());
  }
  if (runs <= budget) return;
  const std::string number = count(static_cast<double>(runs));
  diagnostics.error({scenarios::OriginKind::command_line, {"--vary", 0, 0}, 1},
                    fmt::format("the grid has {} runs ({}), more than the budget of {}", number,
                                fmt::join(lengths, " x "), count(static_cast<double>(budget))),
                    fmt::format("fewer values, or --budget {} to run them all", runs));
}

}  // namespace

std::size_t Grid::size() const {
  std::size_t runs = 1;
  for (const auto& axis : axes_) runs *= axis.values.size();
  return runs;
}

std::vector<std::size_t> Grid::at(std::size_t run) const {
  std::vector<std::size_t> indexes(axes_.size());
  for (std::size_t axis = axes_.size(); axis-- > 0;) {
    indexes[axis] = run % axes_[axis].values.size();
    run /= axes_[axis].values.size();
  }
  return indexes;
}

std::vector<std::string> Grid::overrides(std::size_t run) const {
  const auto indexes = at(run);
  std::vector<std::string> texts;
  for (std::size_t axis = 0; axis < axes_.size(); ++axis)
    texts.push_back(axes_[axis].path + "=" + axes_[axis].values[indexes[axis]]);
  return texts;
}

std::string vary_option(const std::string& written) {
  return "--vary " + written;
}

Grid parse_grid(const std::vector<std::string>& written, std::uint64_t budget) {
  scenarios::Diagnostics diagnostics;
  std::vector<Axis> axes;
  for (const auto& text : written) {
    auto axis = AxisReader(text, budget, diagnostics).read();
    if (!axis) continue;
    if (std::ranges::find(axes, axis->path, &Axis::path) != axes.end()) {
      diagnostics.error({scenarios::OriginKind::command_line, {vary_option(text), 0, 0}, 1},
                        fmt::format("`{}` is varied twice", axis->path), "put its values into one list");
      continue;
    }
    axes.push_back(std::move(*axis));
  }
  check_budget(axes, budget, diagnostics);
  diagnostics.require_none();
  return Grid(std::move(axes));
}

}  // namespace fleetwatt::analysis
