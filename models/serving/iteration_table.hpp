// Times of a layer read off measured tables instead of the formula of iteration_work.hpp: a profile of a user's own
// model on their own accelerator (analysis/docs/engine-profiles.md). Between the points of an axis straight lines;
// before the first point its value; beyond the last the line through the last two goes on, or stays level where it
// falls, so that no time is ever negative. Leaves out: smoothing, uncertainty of the points, other shapes than the
// model's that was measured.
#pragma once

#include <optional>
#include <vector>

namespace fleetwatt::models {

/// A curve by its points.
struct LinearTable {
  std::vector<double> at;      ///< ascending, one or more
  std::vector<double> values;  ///< one for each, >= 0
};

/// A surface by its points on a full grid.
struct GridTable {
  std::vector<double> rows;     ///< ascending, one or more
  std::vector<double> columns;  ///< ascending, one or more
  std::vector<double> values;   ///< row by row, rows.size() * columns.size(), >= 0
};

/// Exact at the points.
[[nodiscard]] double value_at(const LinearTable& table, double at);

/// Along the columns in the two nearest rows, then between these: bilinear inside the grid, exact at its points.
[[nodiscard]] double value_at(const GridTable& table, double row, double column);

/// Seconds that one layer takes of one GPU: means over the model's layers where these differ. All of one model, one
/// precision, one accelerator and one tensor-parallel degree.
struct IterationTables {
  LinearTable dense_operators;             ///< by tokens of the iteration; all but attention and collectives
  GridTable decode_attention;              ///< rows: sequences; columns: mean context of a sequence, tokens
  GridTable prefill_attention;             ///< rows: tokens of a chunk; columns: tokens of its prompt before it
  std::optional<LinearTable> collectives;  ///< by tokens of the iteration; needed on more than one GPU
};

/// Prompt chunks of one size: what prompt tokens of an iteration are taken for, since a batch carries their sums alone.
struct EqualChunks {
  double count = 0.0;
  double tokens = 0.0;  ///< of each
  double before = 0.0;  ///< tokens of its prompt before each
};

/// `pairs` is the sum over chunks of p*(s + p/2) (iteration_model.hpp). One chunk of all the tokens, with the context
/// that gives those pairs. Where even no context gives more pairs than that, there are several prompts: as many equal
/// ones from their beginning as give them.
[[nodiscard]] EqualChunks equal_chunks(double prompt_tokens, double pairs);

/// What one layer of a GPU sees of an iteration.
struct LayerLoad {
  double sequences = 0.0;  ///< that decode
  EqualChunks prompts;
  bool collectives = false;  ///< more than one GPU shares the layer
};

/// All of a layer but the attention of decoding, which the context changes from one iteration to the next. A table of
/// collectives that is needed must be there.
[[nodiscard]] double layer_s_without_context(const IterationTables& tables, const LayerLoad& load);

/// 0 without sequences.
[[nodiscard]] double decode_attention_s(const IterationTables& tables, double sequences, double mean_context);

}  // namespace fleetwatt::models
