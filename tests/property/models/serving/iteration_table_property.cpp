// For any tables: no time is below zero or jumps, inside the grid none leaves what the points span; and a replica that
// goes by them loses no request and no joule.
#include "models/serving/iteration_table.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <vector>

#include "models/serving/replica.hpp"
#include "tests/examples/serving_examples.hpp"

using namespace fleetwatt;

namespace {

int draw(int first, int last) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(first, last + 1));
}

std::vector<double> draw_axis(int fewest) {
  std::vector<double> axis;
  double at = draw(0, 50);
  for (int i = draw(fewest, 6); i > 0; --i) {
    axis.push_back(at);
    at += draw(1, 400);
  }
  return axis;
}

std::vector<double> draw_times(std::size_t count) {
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) times.push_back(1e-5 * draw(0, 50));
  return times;
}

models::GridTable draw_grid(int fewest_columns) {
  models::GridTable grid{draw_axis(2), draw_axis(fewest_columns), {}};
  grid.values = draw_times(grid.rows.size() * grid.columns.size());
  return grid;
}

models::LinearTable draw_curve() {
  models::LinearTable curve{draw_axis(2), {}};
  curve.values = draw_times(curve.at.size());
  return curve;
}

std::shared_ptr<const models::IterationTables> draw_tables() {
  models::LinearTable dense = draw_curve();
  for (double& value : dense.values) value += 1e-5;  // an iteration takes time
  return std::make_shared<const models::IterationTables>(
      models::IterationTables{dense, draw_grid(2), draw_grid(1), draw_curve()});
}

std::vector<models::Request> draw_requests() {
  std::vector<models::Request> requests;
  sim::Duration at;
  for (int i = draw(1, 40); i > 0; --i) {
    at += sim::Duration::from_s(0.05 * draw(0, 20));
    requests.push_back({sim::SimTime::at(at), static_cast<std::uint64_t>(i), draw(1, 900), draw(1, 60)});
  }
  return requests;
}

}  // namespace

TEST_CASE("any grid: never below zero, within its points inside, and without jumps", "[property]") {
  CHECK(rc::check("grids", [] {
    const models::GridTable grid = draw_grid(1);
    const auto [least, most] = std::ranges::minmax(grid.values);
    const double row = draw(0, 4000);
    const double column = draw(0, 4000);
    const double found = value_at(grid, row, column);
    RC_ASSERT(found >= 0.0);
    if (row <= grid.rows.back() && column <= grid.columns.back())
      RC_ASSERT((found >= least - 1e-15 && found <= most + 1e-15));
    // Across any line of the grid: slopes are at most 50 * 10 us a unit inside, 4,000 times that beyond.
    const double step = 1e-9;
    const double small = 2.0 * step * 4000 * 5e-4 + 1e-11;
    for (const double r : grid.rows)
      RC_ASSERT(std::abs(value_at(grid, r + step, column) - value_at(grid, r - step, column)) < small);
    for (const double c : grid.columns)
      RC_ASSERT(std::abs(value_at(grid, row, c + step) - value_at(grid, row, c - step)) < small);
  }));
}

TEST_CASE("any tables: a replica loses no request and no joule", "[property]") {
  CHECK(rc::check("replicas", [] {
    models::Deployment deployment;
    deployment.tensor_parallel = draw(0, 1) == 0 ? 1 : 4;
    deployment.batch_limit = draw(1, 12);
    deployment.prefill_tokens_per_iteration = draw(1, 600);
    deployment.kv_cache_tokens = draw(500, 4000);
    const models::IterationModel model(tests::llama_8b(), tests::h100(), tests::rounded_h100_engine(), deployment,
                                       draw_tables());
    const sim::Duration tick = sim::Duration::from_whole_s(10);
    models::Replica replica(model, {.idle_w = 280, .tick = tick});
    const auto requests = draw_requests();
    std::size_t next = 0;
    std::vector<models::CompletedRequest> completed;
    double metered_j = 0.0;
    sim::SimTime end;
    while (next < requests.size() || replica.running() + replica.waiting() > 0) {
      end = end + tick;
      while (next < requests.size() && requests[next].arrival < end)
        static_cast<void>(replica.submit(requests[next++]));
      replica.run_until(end, completed);
      metered_j += replica.take_tick_energy().active_j;
      RC_ASSERT(replica.rejected() + completed.size() + replica.running() + replica.waiting() == next);
      RC_ASSERT(end < sim::SimTime::at(sim::Duration::from_whole_s(100'000)));
    }
    RC_ASSERT(replica.rejected() + completed.size() == requests.size());
    for (const auto& one : completed) {
      RC_ASSERT(one.time_to_first_token.ticks() > 0);
      if (one.time_per_output_token) RC_ASSERT(one.time_per_output_token->ticks() > 0);
    }
    RC_ASSERT(std::abs(metered_j - replica.counted_active_j()) <= 1e-6 * std::max(metered_j, 1.0));
  }));
}
