#include "scenarios/schema/field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "scenarios/schema/nearest.hpp"

namespace fleetwatt::scenarios {

const FieldSpec* TableSpec::find(const std::string& key) const {
  for (const auto& field : fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::vector<std::string> TableSpec::keys() const {
  std::vector<std::string> names;
  for (const auto& field : fields) names.push_back(field.key);
  return names;
}

namespace {

std::string in_table(const std::string& path) {
  return path.empty() ? "at the top of the file" : fmt::format("in [{}]", path);
}

/// Six digits are enough for a bound, but 1000000 is not 1e+06.
std::string bound_text(double value) {
  return std::fabs(value) >= 1e4 && std::fabs(value) < 1e12 ? fmt::format("{:.0f}", value) : fmt::format("{:g}", value);
}

std::string with_unit(double value, const Unit& unit) {
  return unit.symbol.empty() ? bound_text(value) : fmt::format("{} {}", bound_text(value), unit.symbol);
}

std::string range_text(const FieldOptions& options) {
  const auto& [low, high] = options.range;
  if (std::isfinite(low) && std::isfinite(high))
    return fmt::format("{} to {}", bound_text(low), with_unit(high, options.unit));
  if (std::isfinite(low)) return fmt::format("{} or more", with_unit(low, options.unit));
  return fmt::format("{} or less", with_unit(high, options.unit));
}

bool check_range(double value, const Node& node, const FieldOptions& options, ReadContext& context) {
  if (value >= options.range.low && value <= options.range.high) return true;
  context.diagnostics.error(node.origin, fmt::format("`{}` = {} is out of range", context.path, node.text),
                            fmt::format("needed: {}", range_text(options)));
  return false;
}

struct DurationUnit {
  std::string_view name;
  double seconds;
};
constexpr std::array duration_units = {DurationUnit{"ms", 1e-3},   DurationUnit{"min", 60.0},
                                       DurationUnit{"s", 1.0},     DurationUnit{"h", 3600.0},
                                       DurationUnit{"d", 86400.0}, DurationUnit{"w", 604800.0}};

const DurationUnit* take_duration_unit(std::string_view& text) {
  for (const auto& unit : duration_units) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

/// What is there by default gives way to what is written in its place.
void clear_replaced(const TableSpec& table, const Node& node, void* object) {
  for (const auto& field : table.fields) {
    if (node.child(field.key) == nullptr) continue;
    for (const auto& key : field.options.replaces) {
      const FieldSpec* other = table.find(key);
      if (node.child(key) == nullptr && other->clear) other->clear(object);
    }
  }
}

}  // namespace

void read_table(const TableSpec& table, const Node& node, void* object, ReadContext& context,
                const std::vector<std::string>& read_elsewhere) {
  if (!node.is_table()) return wrong_type(node, "a table", context);
  const std::string path = context.path;
  for (const auto& [key, child] : node.table) {
    if (std::ranges::find(read_elsewhere, key) != read_elsewhere.end()) continue;
    const FieldSpec* field = table.find(key);
    if (field == nullptr) {
      auto known = read_elsewhere;
      for (const auto& name : table.keys()) known.push_back(name);
      context.diagnostics.error(child.key_origin, fmt::format("unknown key `{}` {}", key, in_table(path)),
                                suggestion(key, known));
      continue;
    }
    context.path = join_path(path, key);
    field->read(child, object, context);
  }
  context.path = path;
  clear_replaced(table, node, object);
  for (const auto& field : table.fields) {
    if (field.options.required && node.child(field.key) == nullptr) {
      context.diagnostics.error(node.origin, fmt::format("`{}` is missing {}", field.key, in_table(path)),
                                field.options.meaning);
    }
  }
}

void wrong_type(const Node& node, const std::string& expected, ReadContext& context) {
  context.diagnostics.error(node.origin, fmt::format("`{}` is {}", context.path, describe(node)),
                            "needed: " + expected);
}

std::optional<double> read_number(const Node& node, const FieldOptions& options, ReadContext& context) {
  if (node.kind != Node::Kind::number && node.kind != Node::Kind::integer) {
    wrong_type(node, options.unit.symbol.empty() ? "a number" : fmt::format("a number, in {}", options.unit.symbol),
               context);
    return std::nullopt;
  }
  const double value = node.kind == Node::Kind::number ? node.number : static_cast<double>(node.integer);
  if (!std::isfinite(value) || !check_range(value, node, options, context)) {
    if (!std::isfinite(value)) wrong_type(node, "a finite number", context);
    return std::nullopt;
  }
  return value;
}

std::optional<std::int64_t> read_integer(const Node& node, const FieldOptions& options, ReadContext& context) {
  if (node.kind != Node::Kind::integer) {
    wrong_type(node, "a whole number", context);
    return std::nullopt;
  }
  if (!check_range(static_cast<double>(node.integer), node, options, context)) return std::nullopt;
  return node.integer;
}

std::optional<bool> read_boolean(const Node& node, ReadContext& context) {
  if (node.kind == Node::Kind::boolean) return node.boolean;
  wrong_type(node, "true or false", context);
  return std::nullopt;
}

std::optional<std::string> read_text(const Node& node, ReadContext& context) {
  if (node.kind == Node::Kind::text) return node.text;
  wrong_type(node, "text in quotes", context);
  return std::nullopt;
}

std::optional<sim::Duration> parse_duration(std::string_view text) {
  double seconds = 0.0;
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    double value = 0.0;
    const bool begins_with_digit =
        text.front() >= '0' && text.front() <= '9';  // from_chars also knows "nan", "inf" and signs
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || !begins_with_digit) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const DurationUnit* unit = take_duration_unit(text);
    if (unit == nullptr) return std::nullopt;
    seconds += value * unit->seconds;
  }
  if (seconds > static_cast<double>(sim::Duration::max_whole_s)) return std::nullopt;
  return sim::Duration::from_s(negative ? -seconds : seconds);
}

std::optional<sim::Duration> read_duration(const Node& node, const FieldOptions& options, ReadContext& context) {
  const auto value = node.kind == Node::Kind::text ? parse_duration(node.text) : std::nullopt;
  if (!value) {
    wrong_type(node, "a duration such as \"3d\", \"5min\" or \"250ms\" (units: ms, s, min, h, d, w)", context);
    return std::nullopt;
  }
  if (value->s() < options.range.low || value->s() > options.range.high) {
    context.diagnostics.error(node.origin, fmt::format("`{}` = \"{}\" is out of range", context.path, node.text),
                              fmt::format("needed: {} to {}", toml_text(sim::Duration::from_s(options.range.low)),
                                          toml_text(sim::Duration::from_s(options.range.high))));
    return std::nullopt;
  }
  return value;
}

std::optional<sim::UtcSeconds> read_time(const Node& node, ReadContext& context) {
  if (node.kind != Node::Kind::time) {
    wrong_type(node, "a time such as 2024-07-15T00:00:00Z, without quotes", context);
    return std::nullopt;
  }
  if (!node.time.has_offset) {
    wrong_type(node, "a time that says its zone: write Z for UTC, or an offset such as -07:00", context);
    return std::nullopt;
  }
  return node.time.time;
}

std::optional<std::vector<std::string>> read_texts(const Node& node, ReadContext& context) {
  if (node.kind == Node::Kind::text) return std::vector{node.text};
  if (node.kind != Node::Kind::array) {
    wrong_type(node, "a list of texts such as [\"a\", \"b\"]", context);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const auto& element : node.array) {
    if (const auto text = read_text(element, context)) texts.push_back(*text);
  }
  return texts;
}

std::optional<std::vector<double>> read_numbers(const Node& node, const FieldOptions& options, ReadContext& context) {
  if (node.kind != Node::Kind::array) {
    wrong_type(node, "a list of numbers", context);
    return std::nullopt;
  }
  std::vector<double> numbers;
  for (const auto& element : node.array) {
    if (const auto number = read_number(element, options, context)) numbers.push_back(*number);
  }
  return numbers;
}

std::optional<std::vector<sim::QuantilePoint>> read_pairs(const Node& node, ReadContext& context) {
  const std::string expected =
      "a list of pairs [probability, value], both rising, such as [[0.0, 10], [0.5, 100], [1.0, 4000]]";
  if (node.kind != Node::Kind::array || node.array.empty()) {
    wrong_type(node, expected, context);
    return std::nullopt;
  }
  std::vector<sim::QuantilePoint> points;
  for (const auto& element : node.array) {
    const auto pair = element.kind == Node::Kind::array ? read_numbers(element, {}, context) : std::nullopt;
    const bool rises = points.empty() || (pair && pair->size() == 2 && (*pair)[0] > points.back().probability &&
                                          (*pair)[1] >= points.back().value);
    if (!pair || pair->size() != 2) {
      wrong_type(element, expected, context);
      return std::nullopt;
    }
    if (!rises || (*pair)[0] < 0.0 || (*pair)[0] > 1.0) {
      context.diagnostics.error(
          element.origin,
          fmt::format("`{}` has the pair [{:g}, {:g}] {}", context.path, (*pair)[0], (*pair)[1],
                      rises ? "whose probability is not from 0 to 1" : "which does not rise above the one before it"),
          "needed: " + expected);
      return std::nullopt;
    }
    points.push_back({(*pair)[0], (*pair)[1]});
  }
  return points;
}

std::optional<std::map<std::string, double>> read_named_numbers(const Node& node, const FieldOptions& options,
                                                                ReadContext& context) {
  if (!node.is_table()) {
    wrong_type(node, "numbers by name, such as { a = 0.5, b = 0.5 }", context);
    return std::nullopt;
  }
  std::map<std::string, double> numbers;
  const std::string path = context.path;
  for (const auto& [name, child] : node.table) {
    context.path = join_path(path, name);
    if (const auto number = read_number(child, options, context)) numbers[name] = *number;
  }
  context.path = path;
  return numbers;
}

std::optional<std::map<std::string, double>> read_name_or_shares(const Node& node, ReadContext& context) {
  if (node.kind == Node::Kind::text) return std::map<std::string, double>{{node.text, 1.0}};
  if (!node.is_table()) {
    wrong_type(node, "a name in quotes, or shares by name such as { CISO = 0.7, BPAT = 0.3 }", context);
    return std::nullopt;
  }
  auto shares = read_named_numbers(node, {.range = {0, 1}, .meaning = {}}, context);
  if (!shares || shares->size() != node.table.size()) return std::nullopt;  // said already
  double sum = 0.0;
  for (const auto& [name, share] : *shares) sum += share;
  if (std::fabs(sum - 1.0) <= 1e-9) return shares;
  context.diagnostics.error(node.origin, fmt::format("the shares of `{}` sum to {:g}", context.path, sum), "needed: 1");
  return std::nullopt;
}

std::optional<std::size_t> read_choice(const Node& node, const std::vector<Choice>& choices, const std::string& what,
                                       ReadContext& context) {
  std::vector<std::string> names;
  for (const auto& choice : choices) names.push_back(choice.name);
  if (node.kind == Node::Kind::text) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == node.text) return i;
    }
    const std::string all = one_of(names);
    const bool has_nearest = nearest(node.text, names).has_value();
    context.diagnostics.error(node.origin, fmt::format("no {} `{}` for `{}`", what, node.text, context.path),
                              has_nearest ? suggestion(node.text, names) + " " + all : all);
    return std::nullopt;
  }
  wrong_type(node, "text in quotes; " + one_of(names), context);
  return std::nullopt;
}

void read_family(const FieldSpec& spec, const Node& node, const std::function<void*(std::size_t)>& choose,
                 std::size_t current, ReadContext& context) {
  if (!node.is_table()) return wrong_type(node, "a table", context);
  std::size_t index = current;
  if (const Node* name = node.child("family")) {
    std::vector<Choice> choices;
    for (const auto& alternative : spec.alternatives) choices.push_back(alternative.name);
    const std::string path = context.path;
    context.path = join_path(path, "family");
    const auto chosen = read_choice(*name, choices, spec.key + " family", context);
    context.path = path;
    if (!chosen) return;  // which keys are right depends on it
    index = *chosen;
  }
  read_table(*spec.alternatives[index].table, node, choose(index), context, {"family"});
}

double written_from_si(double value, const Unit& unit) {
  if (unit.si_factor == 1.0 || !std::isfinite(value)) return value;
  const std::string digits =
      fmt::format("{:.14e}", value / unit.si_factor);  // 15 digits: without the last bit's rounding
  double written = 0.0;
  std::from_chars(digits.data(), digits.data() + digits.size(), written);
  return written;
}

std::string toml_text(double value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string toml_text(const std::string& value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      quoted += c;
  }
  return quoted + "\"";
}

std::string toml_text(sim::Duration value) {
  const double seconds = value.s();
  if (seconds == 0.0) return "\"0s\"";
  for (const auto& [name, length] :
       {std::pair{"d", 86400.0}, std::pair{"h", 3600.0}, std::pair{"min", 60.0}, std::pair{"s", 1.0}}) {
    if (std::fmod(seconds, length) == 0.0) return fmt::format("\"{:.0f}{}\"", seconds / length, name);
  }
  std::string digits = fmt::format("{:.9f}", seconds);  // a tick is 6e-11 s
  digits.erase(digits.find_last_not_of('0') + 1);
  return fmt::format("\"{}s\"", digits);
}

std::string toml_text(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + toml_text(value);
  return "[" + text + "]";
}

}  // namespace fleetwatt::scenarios
