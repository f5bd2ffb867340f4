// What becomes of a request that is longer than the model's context.
#pragma once

#include "models/workload/request.hpp"

namespace fleetwatt::models {

enum class OverLength { truncate, reject };

/// The most tokens of prompt and output together; 0 = no limit.
struct ContextLimit {
  int tokens = 0;
  OverLength over_length = OverLength::truncate;
};

enum class LengthVerdict { fits, truncated, rejected };

/// Shortens the output of `request` to the limit, where that is the policy and leaves a token of it; else rejects.
[[nodiscard]] inline LengthVerdict apply_limit(const ContextLimit& limit, Request& request) {
  const std::int64_t wanted = std::int64_t{request.prompt_tokens} + request.output_tokens;
  if (limit.tokens == 0 || wanted <= limit.tokens) return LengthVerdict::fits;
  if (limit.over_length == OverLength::reject || request.prompt_tokens >= limit.tokens) return LengthVerdict::rejected;
  request.output_tokens = limit.tokens - request.prompt_tokens;
  return LengthVerdict::truncated;
}

}  // namespace fleetwatt::models
