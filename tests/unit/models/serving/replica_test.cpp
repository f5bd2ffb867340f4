#include "models/serving/replica.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "sim/distributions.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using models::CompletedRequest;
using models::Deployment;
using models::IterationModel;
using models::Replica;
using models::Request;

namespace {

sim::Duration seconds(double value_s) {
  return sim::Duration::from_s(value_s);
}
sim::SimTime at(double time_s) {
  return sim::SimTime::at(seconds(time_s));
}
Request request(std::uint64_t id, double arrival_s, std::int32_t prompt_tokens, std::int32_t output_tokens) {
  return {at(arrival_s), id, prompt_tokens, output_tokens};
}

constexpr double idle_w = 70;
constexpr double static_w = 300;

/// Every iteration takes a quarter of a second and 300 W.
IterationModel quarter_second(const Deployment& deployment) {
  return {tests::llama_8b(), tests::h100(), tests::constant_time_engine(0.25, static_w), deployment};
}

struct Run {
  std::vector<CompletedRequest> completed;
  models::GpuEnergy energy;
  double busy_s, counted_active_j;
  std::size_t waiting, running;
  std::uint64_t rejected, iterations;
};

Run run_one_tick(const IterationModel& model, const std::vector<Request>& requests, double length_s) {
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(length_s)});
  for (const auto& each : requests) (void)replica.submit(each);
  Run run{};
  replica.run_until(at(length_s), run.completed);
  run.energy = replica.take_tick_energy();
  run.busy_s = replica.busy_s();
  run.counted_active_j = replica.counted_active_j();
  run.waiting = replica.waiting();
  run.running = replica.running();
  run.rejected = replica.rejected();
  run.iterations = replica.iterations();
  return run;
}

void check_completed(const CompletedRequest& completed, std::uint64_t id, double first_token_s, double token_s) {
  INFO("request " << id);
  CHECK(completed.request.id == id);
  CHECK(completed.time_to_first_token == seconds(first_token_s));
  REQUIRE(completed.time_per_output_token);
  CHECK(*completed.time_per_output_token == seconds(token_s));
}

}  // namespace

TEST_CASE("one request alone: prompt, then a token an iteration", "[unit]") {
  const auto run = run_one_tick(quarter_second({}), {request(1, 2, 100, 5)}, 10);
  REQUIRE(run.completed.size() == 1);
  check_completed(run.completed[0], 1, 0.25, 0.25);
  CHECK(run.iterations == 5);  // one for the prompt, which gives the first token
  CHECK(run.busy_s == 1.25);
  CHECK(run.energy.active_j == 1.25 * static_w);
  CHECK(run.counted_active_j == 1.25 * static_w);
  CHECK(run.energy.idle_j == 8.75 * idle_w);
}

TEST_CASE("a prompt longer than the chunk takes several iterations", "[unit]") {
  const auto run = run_one_tick(quarter_second({.prefill_tokens_per_iteration = 32}), {request(1, 0, 100, 2)}, 10);
  REQUIRE(run.completed.size() == 1);
  check_completed(run.completed[0], 1, 1.0, 0.25);  // 32 + 32 + 32 + 4 tokens
  CHECK(run.iterations == 5);
}

TEST_CASE("decoding sequences count against the chunk, the oldest prompt comes first", "[unit]") {
  // Chunks of 10. Request 1: prompt 10, done at 0.25 s, then decodes until 5.25 s. Requests 2 and 3 (12 tokens each)
  // then share 9 an iteration: 9; 3 + 6; 6. So 2 is done at the end of the third iteration, at 0.75 s.
  const auto run = run_one_tick(quarter_second({.prefill_tokens_per_iteration = 10}),
                                {request(1, 0, 10, 21), request(2, 0, 12, 2), request(3, 0, 12, 2)}, 10);
  REQUIRE(run.completed.size() == 3);
  check_completed(run.completed[0], 2, 0.75, 0.25);
  check_completed(run.completed[1], 3, 1.0, 0.25);
  check_completed(run.completed[2], 1, 0.25, 0.25);
}

TEST_CASE("more decoding sequences than the chunk still leave one prompt token an iteration", "[unit]") {
  const auto run = run_one_tick(quarter_second({.prefill_tokens_per_iteration = 2}),
                                {request(1, 0, 1, 41), request(2, 0, 1, 41), request(3, 0.25, 4, 2)}, 20);
  REQUIRE(run.completed.size() == 3);
  check_completed(run.completed[0], 3, 1.0, 0.25);  // four iterations of one token
}

TEST_CASE("an output of one token has no time per output token", "[unit]") {
  const auto run = run_one_tick(quarter_second({}), {request(1, 0, 10, 1)}, 10);
  REQUIRE(run.completed.size() == 1);
  CHECK(run.completed[0].time_to_first_token == seconds(0.25));
  CHECK_FALSE(run.completed[0].time_per_output_token);
  CHECK(run.iterations == 1);
}

TEST_CASE("the batch limit holds, prompts in progress included, the rest wait, first come first served", "[unit]") {
  const auto run = run_one_tick(quarter_second({.batch_limit = 2}),
                                {request(1, 0, 1, 4), request(2, 0, 1, 2), request(3, 0, 1, 2)}, 10);
  REQUIRE(run.completed.size() == 3);
  check_completed(run.completed[0], 2, 0.25, 0.25);                  // 0 to 0.5 s
  check_completed(run.completed[1], 1, 0.25, 0.25);                  // 0 to 1 s
  check_completed(run.completed[2], 3, 0.75, 0.25);                  // admitted at 0.5 s
  CHECK(run.completed[1].request.id < run.completed[2].request.id);  // both at 1 s: decoding ones by id
}

TEST_CASE("a request waits until its prompt and its whole output fit the cache, and holds up those behind", "[unit]") {
  // 100 tokens of cache: 60 are taken until 1.25 s, 50 do not fit, 10 would.
  const auto run = run_one_tick(quarter_second({.kv_cache_tokens = 100}),
                                {request(1, 0, 55, 5), request(2, 0, 48, 2), request(3, 0, 8, 2)}, 10);
  REQUIRE(run.completed.size() == 3);
  check_completed(run.completed[0], 1, 0.25, 0.25);
  check_completed(run.completed[1], 2, 1.5, 0.25);
  check_completed(run.completed[2], 3, 1.5, 0.25);
}

TEST_CASE("a request that can never fit is refused and counted", "[unit]") {
  const auto model = quarter_second({.kv_cache_tokens = 100});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(10)});
  CHECK_FALSE(replica.submit(request(1, 0, 99, 2)));
  CHECK(replica.submit(request(2, 0, 98, 2)));  // exactly
  CHECK(replica.rejected() == 1);
  CHECK(replica.waiting() == 1);
  std::vector<CompletedRequest> completed;
  replica.run_until(at(10), completed);
  REQUIRE(completed.size() == 1);
  CHECK(completed[0].request.id == 2);
  CHECK(replica.waiting() + replica.running() == 0);
}

TEST_CASE("a request that arrives during an iteration joins at the next", "[unit]") {
  const auto run = run_one_tick(quarter_second({}), {request(1, 0, 1, 10), request(2, 0.3, 1, 2)}, 10);
  REQUIRE(run.completed.size() == 2);
  check_completed(run.completed[0], 2, 0.45, 0.25);  // starts at 0.5 s; 0.3 s is rounded to a tick
  // One that arrives just as an iteration ends joins at once.
  const auto exact = run_one_tick(quarter_second({}), {request(1, 0, 1, 10), request(2, 0.5, 1, 2)}, 10);
  check_completed(exact.completed[0], 2, 0.25, 0.25);
}

TEST_CASE("an iteration that crosses the end of a tick is metered in both", "[unit]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), tests::constant_time_engine(4, static_w), Deployment{});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(3)});
  std::vector<CompletedRequest> completed;
  CHECK(replica.submit(request(1, 1, 10, 1)));
  replica.run_until(at(3), completed);
  CHECK(completed.empty());
  CHECK(replica.running() == 1);
  CHECK(replica.busy_s() == 2);
  CHECK(replica.counted_active_j() == 2 * static_w);
  auto energy = replica.take_tick_energy();
  CHECK(energy.active_j == 2 * static_w);
  CHECK(energy.idle_j == 1 * idle_w);
  replica.run_until(at(6), completed);
  REQUIRE(completed.size() == 1);
  CHECK(completed[0].time_to_first_token == seconds(4));
  CHECK(replica.counted_active_j() == 4 * static_w);
  energy = replica.take_tick_energy();
  CHECK(energy.active_j == 2 * static_w);
  CHECK(energy.idle_j == 1 * idle_w);
}

TEST_CASE("an iteration longer than several ticks", "[unit]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), tests::constant_time_engine(4, static_w), Deployment{});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(1)});
  std::vector<CompletedRequest> completed;
  CHECK(replica.submit(request(1, 0.5, 10, 2)));
  for (int tick = 1; tick <= 10; ++tick) {
    replica.run_until(at(tick), completed);
    const auto energy = replica.take_tick_energy();
    const double busy_s = tick == 1 || tick == 9 ? 0.5 : tick == 10 ? 0.0 : 1.0;
    CHECK(energy.active_j == busy_s * static_w);
    CHECK(energy.idle_j == (1 - busy_s) * idle_w);
  }
  REQUIRE(completed.size() == 1);
  check_completed(completed[0], 1, 4, 4);
}

TEST_CASE("an idle replica draws its idle power", "[unit]") {
  const auto run = run_one_tick(quarter_second({}), {}, 10);
  CHECK(run.energy.active_j == 0.0);
  CHECK(run.energy.idle_j == 10 * idle_w);
  CHECK(run.busy_s == 0.0);
  CHECK(run.iterations == 0);
}

TEST_CASE("the context grows by each decoding sequence", "[unit]") {
  // Only context costs time, a second a token: 131,072 B at 131,072 B/s.
  models::EngineConstants engine = tests::constant_time_engine(0, 0);
  engine.dense->time.kv_cache = 1.0;
  engine.host.iteration = 1.0;
  auto accelerator = tests::h100();
  accelerator.memory_bytes_per_s = 131'072;
  const IterationModel model(tests::llama_8b(), accelerator, engine, Deployment{});
  const auto run = run_one_tick(model, {request(1, 0, 10, 4)}, 1000);
  // First token after 1 s; then contexts of 11, 12 and 13 tokens: 12 + 13 + 14 s.
  check_completed(run.completed.at(0), 1, 1, 13);
  CHECK(run.busy_s == 40);
  // Two together: both prompts in 1 s; contexts 11 + 21, 12 + 22; then 13 alone.
  const auto two = run_one_tick(model, {request(1, 0, 10, 4), request(2, 0, 20, 3)}, 1000);
  check_completed(two.completed.at(0), 2, 1, (33 + 35) / 2.0);
  CHECK(two.busy_s == 1 + 33 + 35 + 14);
}

namespace {

/// Batches of consecutive requests: their means are nearly independent, so their spread tells the error of the mean.
struct MeanAndError {
  double mean, error;
};

MeanAndError batch_means(const std::vector<double>& values, std::size_t batches) {
  const std::size_t size = values.size() / batches;
  std::vector<double> means;
  for (std::size_t b = 0; b < batches; ++b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < size; ++i) sum += values[b * size + i];
    means.push_back(sum / static_cast<double>(size));
  }
  double sum = 0.0;
  double squares = 0.0;
  for (const double mean : means) sum += mean;
  const double mean = sum / static_cast<double>(batches);
  for (const double each : means) squares += (each - mean) * (each - mean);
  const auto n = static_cast<double>(batches);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace

TEST_CASE("batches of one with Poisson arrivals wait as in M/D/1", "[unit]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), {.batch_limit = 1});
  const std::int32_t prompt = 300;
  const std::int32_t output = 5;
  const auto alone = run_one_tick(model, {request(1, 0, prompt, output)}, 10);
  const double service_s = alone.busy_s;  // the same for all
  for (const double rho : {0.3, 0.6, 0.8}) {
    sim::RandomStream stream(11, "pool", "arrival gaps");
    std::vector<Request> requests;
    double arrival_s = 0.0;
    for (std::uint64_t id = 0; id < 100'000; ++id) {
      arrival_s += sim::draw_exponential(stream, service_s / rho);
      requests.push_back(request(id, arrival_s, prompt, output));
    }
    const auto run = run_one_tick(model, requests, std::ceil(arrival_s) + 100);
    REQUIRE(run.completed.size() == requests.size());
    // Meters read a clock rounded down to 2^-34 s. Between iterations that cancels; the end of a busy period is read
    // half a tick early on average, its start (an arrival) exactly: at most 3e-11 s in periods of 44 ms and more.
    CHECK_THAT(run.energy.active_j, WithinRel(run.counted_active_j, 1e-9));
    CHECK_THAT(run.energy.idle_j / idle_w + run.busy_s, WithinRel(std::ceil(arrival_s) + 100, 1e-9));
    std::vector<double> waits_s;
    for (const auto& completed : run.completed)
      waits_s.push_back((completed.time_to_first_token - alone.completed[0].time_to_first_token).s());
    const auto wait = batch_means(waits_s, 50);
    const double expected_s = rho * service_s / (2 * (1 - rho));  // Pollaczek and Khinchine
    INFO("rho " << rho << ": " << wait.mean << " s, M/D/1 " << expected_s << " s, error " << wait.error << " s");
    CHECK(wait.error < 0.05 * expected_s);
    CHECK(std::fabs(wait.mean - expected_s) < 4 * wait.error);
  }
}

TEST_CASE("a replica is busy for 400 days, and what waited as long is admitted", "[unit]") {
  const IterationModel model(tests::llama_8b(), tests::h100(), tests::constant_time_engine(100, static_w),
                             {.batch_limit = 1, .kv_cache_tokens = 1'000'000});
  constexpr double day_s = 86400;
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(3600)});
  REQUIRE(replica.submit(request(1, 0, 100, 864 * 300)));  // 300 days
  REQUIRE(replica.submit(request(2, 0, 100, 864 * 100)));  // waits as long, then takes 100
  std::vector<CompletedRequest> completed;
  double active_j = 0.0;
  for (int hour = 1; hour <= 400 * 24; ++hour) {
    replica.run_until(at(hour * 3600.0), completed);
    active_j += replica.take_tick_energy().active_j;
  }
  REQUIRE(completed.size() == 2);
  CHECK(completed[0].latency == seconds(300 * day_s));
  CHECK(completed[1].time_to_first_token == seconds(300 * day_s + 100));
  CHECK(completed[1].latency == seconds(400 * day_s));
  CHECK(replica.busy_s() == 400 * day_s);
  CHECK(replica.at_batch_limit_s() == 400 * day_s);
  CHECK(replica.standing_queue().time_s == 300 * day_s);
  CHECK_THAT(active_j, WithinRel(400 * day_s * static_w, 1e-12));
  CHECK_THAT(replica.counted_active_j(), WithinRel(400 * day_s * static_w, 1e-12));
}

TEST_CASE("a queue stands in iterations that left some waiting: their time, and what was done in them", "[unit]") {
  const auto model = quarter_second({.batch_limit = 1});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(4)});
  // 0 to 1 s the first, with two waiting; 1 to 2 s the second, with one; from 2 s the third, with none.
  for (const std::uint64_t id : {1, 2, 3}) REQUIRE(replica.submit(request(id, 0, 10, 4)));
  std::vector<CompletedRequest> completed;
  replica.run_until(at(4), completed);
  CHECK(completed.size() == 3);
  CHECK(replica.standing_queue().time_s == 2.0);
  CHECK(replica.standing_queue().done == 2);
  CHECK(replica.standing_queue().unfinished_s == 0.0);
}

TEST_CASE("the iteration in progress counts to the standing queue apart", "[unit]") {
  const auto model = quarter_second({.batch_limit = 1});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(0.375)});
  for (const std::uint64_t id : {1, 2}) REQUIRE(replica.submit(request(id, 0, 10, 4)));
  std::vector<CompletedRequest> completed;
  replica.run_until(at(0.375), completed);
  CHECK(replica.standing_queue().time_s == 0.25);
  CHECK(replica.standing_queue().unfinished_s == 0.125);
}

TEST_CASE("who waits or runs beyond the target is overdue", "[unit]") {
  const auto model = quarter_second({.batch_limit = 1});
  Replica replica(model, {.idle_w = idle_w, .tick = seconds(2)});
  REQUIRE(replica.submit(request(1, 0, 10, 100)));  // first token at 0.25 s, runs on
  REQUIRE(replica.submit(request(2, 0.5, 10, 4)));  // waits for 1.5 s
  REQUIRE(replica.submit(request(3, 1.5, 10, 4)));  // waits for 0.5 s
  std::vector<CompletedRequest> completed;
  replica.run_until(at(2), completed);
  const auto overdue = [&](std::optional<double> first_token_s, std::optional<double> latency_s) {
    models::LatencyTarget target;
    if (first_token_s) target.time_to_first_token = seconds(*first_token_s);
    if (latency_s) target.latency = seconds(*latency_s);
    return replica.overdue(target);
  };
  CHECK(overdue({}, {}) == 0);
  CHECK(overdue(0.2, {}) == 3);  // the first got its token too late
  CHECK(overdue(0.25, {}) == 2);
  CHECK(overdue(1.0, {}) == 1);
  CHECK(overdue(1.5, {}) == 0);  // just in time as yet
  CHECK(overdue({}, 1.6) == 1);  // the one that runs
}
