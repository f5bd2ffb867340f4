#include "models/diffusion/batch_table.hpp"

#include <fmt/format.h>

#include "sim/error.hpp"

namespace fleetwatt::models {

namespace {

constexpr double longest_batch_s = 1e8;  // three years

BatchCost cost_of(const DiffusionDeployment& d, double batch) {
  return batch_cost(d.model, d.accelerator, d.engine, d.layout, d.size, batch);
}

bool is_measured_size(const DiffusionDeployment& d) {
  return d.size.width_px == d.model.width_px && d.size.height_px == d.model.height_px &&
         d.size.frames == d.model.frames;
}

}  // namespace

std::vector<BatchTableEntry> batch_table(const DiffusionDeployment& deployment) {
  std::vector<BatchTableEntry> table;
  for (int batch = 1; batch <= deployment.batch_limit; ++batch) {
    const BatchCost cost = cost_of(deployment, batch);
    if (cost.time_s > longest_batch_s)
      throw sim::OutOfRange(fmt::format("a batch of {} would take {:.3g} s", batch, cost.time_s));
    table.push_back({std::max(sim::Duration::from_s(cost.time_s), sim::Duration::from_ticks(1)), cost.energy_j});
  }
  return table;
}

double capacity_per_s(const DiffusionDeployment& deployment) {
  return deployment.batch_limit / cost_of(deployment, deployment.batch_limit).time_s;
}

std::vector<PacePoint> pace_by_load(const std::vector<BatchTableEntry>& table) {
  std::vector<PacePoint> points = {{}};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto items = static_cast<double>(i + 1);
    const double items_per_s = items / table[i].time.s();
    if (items_per_s <= points.back().requests_per_s) continue;  // a larger batch that serves no more
    points.push_back({items_per_s, items, 1.0 / table[i].time.s(), 0.0});
  }
  return points;
}

std::vector<std::string> beyond_calibration(const DiffusionDeployment& d) {
  std::vector<std::string> sentences;
  if (d.engine.accelerator != d.accelerator.id)
    sentences.push_back(
        fmt::format("{} runs with constants calibrated on {}", d.accelerator.title, d.engine.accelerator));
  if (!is_measured_size(d))
    sentences.push_back(fmt::format(
        "{} was measured at {} x {} px{}, not at {} x {} px{}: extrapolated", d.model.title, d.model.width_px,
        d.model.height_px, d.model.frames > 1 ? fmt::format(" and {} frames", d.model.frames) : "", d.size.width_px,
        d.size.height_px, d.size.frames > 1 ? fmt::format(" and {} frames", d.size.frames) : ""));
  if (d.engine.largest_batch > 0.0 && d.batch_limit > d.engine.largest_batch)
    sentences.push_back(fmt::format("batch limit {} is above the {:.0f} that {} was calibrated with", d.batch_limit,
                                    d.engine.largest_batch, d.engine.id));
  return sentences;
}

}  // namespace fleetwatt::models
