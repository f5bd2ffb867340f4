// One request to a language model: when it arrives, how long its prompt is, how many tokens it will generate.
#pragma once

#include <cstdint>

#include "sim/sim_time.hpp"

namespace fleetwatt::models {

struct Request {
  sim::SimTime arrival;
  std::uint64_t id = 0;  ///< the same for the same request in every run with the same seed
  std::int32_t prompt_tokens = 1;
  std::int32_t output_tokens = 1;
  bool has_attachment = false;  ///< an image or video, whose tokens are in the prompt
};

}  // namespace fleetwatt::models
