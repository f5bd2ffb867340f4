// Images or videos that come with some requests to a language model: they are more tokens of the prompt, and an encoder
// looks at them before it. Which requests have one follows from their identity, so that Poisson arrivals and traces are
// treated alike and no random stream moves.
#pragma once

#include "models/workload/request.hpp"
#include "sim/random_stream.hpp"

namespace fleetwatt::models {

struct Attachments {
  double fraction = 0.0;     ///< of requests that have some
  std::int32_t tokens = 0;   ///< that they add to the prompt of each
  std::uint64_t stream = 0;  ///< of the service and seed
};

/// Gives the request its attachment if it has one.
inline void attach(const Attachments& attachments, Request& request) {
  constexpr double words = 18446744073709551616.0;  // 2^64
  const double place = static_cast<double>(sim::mix(request.id, attachments.stream)) / words;
  if (place >= attachments.fraction) return;
  request.has_attachment = true;
  request.prompt_tokens += attachments.tokens;
}

}  // namespace fleetwatt::models
