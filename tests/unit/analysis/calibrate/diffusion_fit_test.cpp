// Constants of diffusion engines are found again in rows that they made.
#include "analysis/calibrate/diffusion_fit.hpp"

#include <catch2/catch.hpp>

#include "scenarios/loader/load_scenario.hpp"

using namespace fleetwatt;

namespace {

analysis::DiffusionEngines known_engines() {
  models::DiffusionEngine h100;
  h100.host = {.start = 0.08, .block = 1e-3, .parallel_block = 1e-3, .ring_block = 0.15e-3};
  h100.image = models::DiffusionConstants{.linear = 1.6,
                                          .attention = 3.0,
                                          .memory = 2.0,
                                          .ulysses = 3.0,
                                          .ring = 3.0,
                                          .megapixel_s = 0.1,
                                          .resident_w = 160,
                                          .arithmetic_w = 800,
                                          .memory_w = 500,
                                          .network_w = 500,
                                          .decode_w = 300};
  models::DiffusionEngine b200 = h100;
  b200.image->linear = 2.1;
  b200.image->resident_w = 230;
  return {{"h100-sxm", h100}, {"b200-sxm", b200}};
}

analysis::DiffusionRows rows_made_by(const analysis::DiffusionEngines& engines, const scenarios::Catalog& catalog) {
  analysis::DiffusionRows rows;
  for (const std::string model : {"sana-1.5-1.6b", "hunyuan-dit", "stable-diffusion-3.5-large"}) {
    for (const std::string accelerator : {"h100-sxm", "b200-sxm"}) {
      for (const auto& layout : {models::DiffusionLayout{1, 1}, {2, 1}, {2, 2}, {1, 4}}) {
        for (const double batch : {1.0, 4.0, 16.0}) {
          analysis::DiffusionMeasurement row{.released_name = model,
                                             .model = model,
                                             .accelerator = accelerator,
                                             .layout = layout,
                                             .size = {},
                                             .batch = batch};
          row.size.steps = 25;
          const auto made = analysis::predict(row, catalog, engines);
          row.latency_s = made.time_s;
          row.power_w = made.power_w();
          rows.push_back(row);
        }
      }
    }
  }
  return rows;
}

}  // namespace

TEST_CASE("a fit finds the constants that made its rows", "[calibrate]") {
  const auto catalog = scenarios::built_in_catalog();
  const auto known = known_engines();
  const auto rows = rows_made_by(known, catalog);
  const auto fitted = analysis::fit_images(rows, catalog);
  for (const auto& [accelerator, engine] : known) {
    INFO(accelerator);
    CHECK(fitted.at(accelerator).image->linear == Approx(engine.image->linear).epsilon(0.1));
    // One of the three models hides its attention in its weights, so the prior of B200's ratio, 1.5, pulls at it.
    CHECK(fitted.at(accelerator).image->attention == Approx(engine.image->attention).epsilon(0.15));
    CHECK(fitted.at(accelerator).image->resident_w == Approx(engine.image->resident_w).epsilon(0.1));
    CHECK(fitted.at(accelerator).host.block == Approx(engine.host.block).epsilon(0.1));
    const auto errors = analysis::diffusion_errors(rows, analysis::predict_all(rows, catalog, fitted), accelerator);
    CHECK(errors.latency.p90 < 0.03);
    CHECK(errors.energy.p90 < 0.03);
  }
}
