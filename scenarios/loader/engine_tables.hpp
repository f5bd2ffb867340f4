// Measured tables of an engine (models/serving/iteration_table.hpp) from CSV files: a header line, then one row a
// point, in any order; other columns do not matter. `time_ms` is a layer's. Where a file has a column
// `tensor_parallel`, the rows of the degree asked for are the table; else its rows stand for every degree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/serving/deployment.hpp"
#include "models/serving/iteration_table.hpp"

namespace fleetwatt::scenarios {

/// Columns num_tokens, time_ms. Throws InputError, as all three do, with every fault of the file: a column that is
/// missing, a cell that is no number, a time below zero, a point there twice, fewer than two points, a grid with holes,
/// no row of that degree.
[[nodiscard]] models::LinearTable read_token_table(std::string_view text, const std::string& file_name,
                                                   int tensor_parallel);

/// Columns batch, mean_context, time_ms: every batch with every mean context.
[[nodiscard]] models::GridTable read_decode_table(std::string_view text, const std::string& file_name,
                                                  int tensor_parallel);

/// Columns chunk, time_ms, and context (tokens of the prompt before the chunk), without which it is 0: every chunk with
/// every context.
[[nodiscard]] models::GridTable read_prefill_table(std::string_view text, const std::string& file_name,
                                                   int tensor_parallel);

/// What a deployment may ask of tables beyond their last points, where times are extrapolated: a sentence each.
[[nodiscard]] std::vector<std::string> beyond_tables(const models::IterationTables& tables,
                                                     const models::Deployment& deployment);

}  // namespace fleetwatt::scenarios
