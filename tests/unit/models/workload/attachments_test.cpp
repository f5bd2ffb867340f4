#include "models/workload/attachments.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::models;

namespace {

Request plain(std::uint64_t id) {
  return {.arrival = {}, .id = id, .prompt_tokens = 100, .output_tokens = 10};
}

}  // namespace

TEST_CASE("an attachment adds its tokens to the prompt", "[workload]") {
  Request request = plain(1);
  attach({.fraction = 1.0, .tokens = 700, .stream = 5}, request);
  CHECK(request.has_attachment);
  CHECK(request.prompt_tokens == 800);
  CHECK(request.output_tokens == 10);

  Request without = plain(1);
  attach({}, without);
  CHECK_FALSE(without.has_attachment);
  CHECK(without.prompt_tokens == 100);
}

TEST_CASE("which requests have one depends on their identity and the service's stream alone", "[workload]") {
  int with = 0, moved = 0;
  for (std::uint64_t id = 0; id < 10000; ++id) {
    Request first = plain(id), again = plain(id), other = plain(id);
    attach({.fraction = 0.3, .tokens = 1, .stream = 5}, first);
    attach({.fraction = 0.3, .tokens = 1, .stream = 5}, again);
    attach({.fraction = 0.3, .tokens = 1, .stream = 6}, other);
    CHECK(first.has_attachment == again.has_attachment);
    with += first.has_attachment ? 1 : 0;
    moved += first.has_attachment != other.has_attachment ? 1 : 0;
  }
  CHECK(with == Approx(3000).margin(200));
  CHECK(moved == Approx(4200).margin(250));  // 2 * 0.3 * 0.7
}
