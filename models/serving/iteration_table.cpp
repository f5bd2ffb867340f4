#include "models/serving/iteration_table.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace fleetwatt::models {

namespace {

/// Where a value lies on an axis: between the points `low` and `low + 1`, that share of the way; above 1 beyond the
/// last.
struct Interval {
  std::size_t low = 0;
  double share = 0.0;
};

Interval interval_of(const std::vector<double>& axis, double at) {
  assert(!axis.empty());
  if (axis.size() == 1 || at <= axis.front()) return {};
  const auto above = std::upper_bound(axis.begin() + 1, axis.end() - 1, at);
  const auto low = static_cast<std::size_t>(above - axis.begin()) - 1;
  return {low, (at - axis[low]) / (axis[low + 1] - axis[low])};
}

double on_line(double low, double high, double share) {
  if (share > 1.0) return high + (share - 1.0) * std::max(high - low, 0.0);
  return (1.0 - share) * low + share * high;
}

}  // namespace

double value_at(const LinearTable& table, double at) {
  const Interval interval = interval_of(table.at, at);
  const double low = table.values[interval.low];
  return interval.share == 0.0 ? low : on_line(low, table.values[interval.low + 1], interval.share);
}

double value_at(const GridTable& table, double row, double column) {
  const Interval down = interval_of(table.rows, row);
  const Interval across = interval_of(table.columns, column);
  const auto in_row = [&](std::size_t index) {
    const double* values = table.values.data() + index * table.columns.size() + across.low;
    return across.share == 0.0 ? values[0] : on_line(values[0], values[1], across.share);
  };
  const double low = in_row(down.low);
  return down.share == 0.0 ? low : on_line(low, in_row(down.low + 1), down.share);
}

EqualChunks equal_chunks(double prompt_tokens, double pairs) {
  if (prompt_tokens <= 0.0) return {};
  const double attended = pairs / prompt_tokens;  // on average, by each token
  const double before = attended - 0.5 * prompt_tokens;
  if (before >= 0.0 || attended <= 0.0) return {1.0, prompt_tokens, std::max(before, 0.0)};
  return {prompt_tokens / (2.0 * attended), 2.0 * attended, 0.0};
}

double layer_s_without_context(const IterationTables& tables, const LayerLoad& load) {
  const EqualChunks& prompts = load.prompts;
  const double tokens = load.sequences + prompts.count * prompts.tokens;
  double time_s = value_at(tables.dense_operators, tokens);
  if (prompts.count > 0.0) time_s += prompts.count * value_at(tables.prefill_attention, prompts.tokens, prompts.before);
  if (load.collectives) {
    assert(tables.collectives);
    time_s += value_at(*tables.collectives, tokens);
  }
  return time_s;
}

double decode_attention_s(const IterationTables& tables, double sequences, double mean_context) {
  return sequences > 0.0 ? value_at(tables.decode_attention, sequences, mean_context) : 0.0;
}

}  // namespace fleetwatt::models
