#include "models/serving/capacity.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "models/serving/context_limit.hpp"
#include "models/serving/service_pool.hpp"
#include "sim/random_stream.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;

namespace {

const models::AnyLength prompts = models::FixedLength{300};
const models::AnyLength outputs = models::LogNormalLength{{150, 0.6}, 4096};

models::IterationModel small_replica() {
  return {tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {.batch_limit = 16}};
}

struct Load {
  double served_per_s = 0.0;        ///< over the second half
  double queue_growth_per_s = 0.0;  ///< likewise
};

/// One replica under a steady rate for so many hours.
Load offer(double rate_per_s, int hours) {
  models::ServicePoolSpec spec;
  spec.name = "ladder";
  spec.tick = sim::Duration::from_whole_s(300);
  models::ServicePool pool(spec, std::make_shared<const models::IterationModel>(small_replica()),
                           models::PoissonArrivals({rate_per_s, prompts, outputs}, 1, "ladder"),
                           models::DemandCurve(models::DemandShape::flat, sim::TimeZone::utc()));
  Load load;
  std::uint64_t done = 0, waiting = 0;
  for (int tick = 1; tick <= 12 * hours; ++tick) {
    pool.run_until(sim::SimTime::at(spec.tick * tick));
    const auto counts = pool.take_counts();
    if (tick > 6 * hours) done += counts.done;
    if (tick == 6 * hours) waiting = pool.waiting();
  }
  const double half_s = 1800.0 * hours;
  load.served_per_s = static_cast<double>(done) / half_s;
  load.queue_growth_per_s = (static_cast<double>(pool.waiting()) - static_cast<double>(waiting)) / half_s;
  return load;
}

}  // namespace

TEST_CASE("moments of lengths: mean, and mean over running requests", "[unit]") {
  const auto fixed = models::moments_of(models::FixedLength{300});
  CHECK(fixed.mean == 300);
  CHECK(fixed.running_mean == 300);
  const auto lognormal = models::moments_of(models::LogNormalLength{{100, 0.5}, 4096});
  CHECK_THAT(lognormal.mean, WithinRel(100 * std::exp(0.125), 1e-12));
  CHECK_THAT(lognormal.running_mean, WithinRel(100 * std::exp(0.375), 1e-12));  // mean x e^(sigma^2)
  // Uniform from 0 to 100: mean 50, E[x^2]/E[x] = (10^4/3)/50.
  const auto uniform = models::moments_of(models::QuantileLength{{{0.0, 0.0}, {1.0, 100.0}}});
  CHECK_THAT(uniform.mean, WithinRel(50.0, 1e-12));
  CHECK_THAT(uniform.running_mean, WithinRel(200.0 / 3, 1e-12));
  models::RequestTrace trace;
  trace.entries = {{{}, 100, 10}, {{}, 300, 30}};
  CHECK(models::moments_of(trace).prompt.mean == 200);
  CHECK(models::moments_of(trace).prompt.running_mean == 250);  // (100^2 + 300^2) / 400
  CHECK(models::moments_of(trace).output.running_mean == 25);
}

TEST_CASE("the batch that fits is bounded by the limit or by the cache", "[unit]") {
  const models::RequestMoments requests{{300, 300}, {200, 250}};
  CHECK(models::sequences_that_fit(small_replica(), requests) == 16);
  const models::IterationModel tight(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
                                     {.batch_limit = 16, .kv_cache_tokens = 5500});
  CHECK(models::sequences_that_fit(tight, requests) == 10);  // 5,500 / (300 + 250)
  const models::IterationModel none(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(),
                                    {.kv_cache_tokens = 500});
  CHECK_FALSE(models::full_batch(none, requests));
  CHECK(models::capacity_per_s(none, requests) == 0.0);
}

TEST_CASE("a load ladder finds the rate at which the queue begins to grow", "[unit]") {
  // Offered more than it can serve, a replica serves its capacity; the steady state estimates it.
  const double capacity =
      offer(2.0 * models::capacity_per_s(small_replica(), {models::moments_of(prompts), models::moments_of(outputs)}),
            4)
          .served_per_s;
  const double estimate =
      models::capacity_per_s(small_replica(), {models::moments_of(prompts), models::moments_of(outputs)});
  INFO(fmt::format("capacity {:.4f}/s, steady state {:.4f}/s", capacity, estimate));
  CHECK_THAT(estimate, WithinRel(capacity, 0.05));
  // In a long run the queue stands still at 98 % of that and grows by the excess at 102 %.
  const auto below = offer(0.98 * capacity, 48);
  CHECK_THAT(below.served_per_s, WithinRel(0.98 * capacity, 0.01));
  CHECK(std::abs(below.queue_growth_per_s) < 0.002 * capacity);
  const auto above = offer(1.02 * capacity, 48);
  CHECK_THAT(above.served_per_s, WithinRel(capacity, 0.01));
  CHECK(above.queue_growth_per_s > 0.01 * capacity);
}

TEST_CASE("requests beyond the context limit are cut or refused", "[unit]") {
  using models::LengthVerdict;
  const auto apply = [](models::ContextLimit limit, int prompt, int output) {
    models::Request request{{}, 1, prompt, output};
    const auto verdict = models::apply_limit(limit, request);
    return std::pair(verdict, request.output_tokens);
  };
  using models::OverLength;
  CHECK(apply({0, OverLength::reject}, 1'000'000, 5) == std::pair(LengthVerdict::fits, 5));
  CHECK(apply({100, OverLength::reject}, 60, 40) == std::pair(LengthVerdict::fits, 40));
  CHECK(apply({100, OverLength::reject}, 60, 41).first == LengthVerdict::rejected);
  CHECK(apply({100, OverLength::truncate}, 60, 90) == std::pair(LengthVerdict::truncated, 40));
  CHECK(apply({100, OverLength::truncate}, 100, 1).first == LengthVerdict::rejected);
}
