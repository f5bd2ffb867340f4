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
  const auto output = [](const models::AnyLength& length) { return models::moments_of(prompts, length).output; };
  CHECK(output(models::FixedLength{300}).mean == 300);
  CHECK(output(models::FixedLength{300}).running_mean == 300);
  const auto lognormal = output(models::LogNormalLength{{100, 0.5}, 4096});
  CHECK_THAT(lognormal.mean, WithinRel(100 * std::exp(0.125), 1e-3));
  CHECK_THAT(lognormal.running_mean, WithinRel(100 * std::exp(0.375), 1e-3));  // mean x e^(sigma^2)
  // Uniform from 0 to 1000: mean 500, E[x^2]/E[x] = (10^6/3)/500.
  const auto uniform = output(models::QuantileLength{{{0.0, 0.0}, {1.0, 1000.0}}});
  CHECK_THAT(uniform.mean, WithinRel(500.0, 5e-3));
  CHECK_THAT(uniform.running_mean, WithinRel(2000.0 / 3, 5e-3));
  models::RequestTrace trace;
  trace.entries = {{{}, 100, 10}, {{}, 300, 30}};
  CHECK(models::moments_of(trace).prompt.mean == 200);
  CHECK(models::moments_of(trace).prompt.running_mean == 250);  // (100 x 10 + 300 x 30) / 40
  CHECK(models::moments_of(trace).output.running_mean == 25);
}

TEST_CASE("moments of lengths that a law's cap or a limit cuts", "[unit]") {
  using models::OverLength;
  // A heavy tail: e^(sigma^2/2) = 90 times the median without the cap. With it, by the law's own integral:
  // m e^(s^2/2) Phi((ln(c/m) - s^2)/s) + c (1 - Phi(ln(c/m)/s)).
  const double m = 200, s = 3, c = 2000, z = std::log(c / m) / s;
  const auto below = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const double capped = m * std::exp(0.5 * s * s) * below(z - s) + c * (1 - below(z));
  CHECK_THAT(models::moments_of(prompts, models::LogNormalLength{{m, s}, c}).output.mean, WithinRel(capped, 5e-3));

  models::RequestTrace trace;
  trace.entries = {{{}, 100, 10}, {{}, 300, 300}, {{}, 900, 10}};
  const auto cut = models::moments_of(trace, {.context = {500, OverLength::truncate}});
  CHECK(cut.accepted_fraction == Approx(2.0 / 3));  // the third has no room for a token
  CHECK(cut.output.mean == 105);
  const auto refused = models::moments_of(trace, {.context = {500, OverLength::reject}});
  CHECK(refused.accepted_fraction == Approx(1.0 / 3));
  CHECK(refused.output.mean == 10);
  const auto cache = models::moments_of(trace, {.most_tokens = 700});
  CHECK(cache.accepted_fraction == Approx(2.0 / 3));
  CHECK(cache.output.mean == 155);
  CHECK(models::moments_of(trace, {.most_tokens = 5}).accepted_fraction == 0.0);
  CHECK_FALSE(models::full_batch(small_replica(), models::moments_of(trace, {.most_tokens = 5})));
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
      offer(2.0 * models::capacity_per_s(small_replica(), models::moments_of(prompts, outputs)), 4).served_per_s;
  const double estimate = models::capacity_per_s(small_replica(), models::moments_of(prompts, outputs));
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
