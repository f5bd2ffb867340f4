// The series by which noise is judged has the total as its mean: a rule that names the wrong variable cannot pass.
#include "analysis/compare/hourly_contributions.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;

namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("the mean of the hours' contributions is the total", "[compare]") {
  const auto file = two_sites_file();
  std::set<std::string> with_series;
  for (const auto& total : file.totals()) {
    const auto& values = file.values(total);
    for (std::size_t entity = 0; entity < values.size(); ++entity) {
      const auto hours = hourly_contributions(file, total.name, entity, values[entity]);
      if (!hours) continue;
      with_series.insert(total.name);
      INFO(total.name << " of " << file.labels(total.dimension)[entity]);
      CHECK(hours->size() == 12);
      CHECK(mean_of(*hours) == Approx(values[entity]).epsilon(1e-9));
    }
  }
  CHECK(with_series.size() == 29);
  for (const auto* total : {"fleet_energy_total_mwh", "fleet_pue_mean", "region_carbon_intensity_mean_g_per_kwh",
                            "service_gpu_energy_per_request_wh", "cluster_gpus_busy_fraction"})
    CHECK(with_series.contains(total));
  for (const auto* total : {"service_ttft_p99_overall_s", "cluster_jobs_done_total", "site_load_peak_mw"})
    CHECK_FALSE(with_series.contains(total));
}

TEST_CASE("ratios are those of their hourly series, in their own unit", "[compare]") {
  // The linearised series has the right mean whatever it is made of; so the ratio itself is checked here.
  struct Ratio {
    const char* total;
    const char* numerator;
    const char* denominator;
    double unit;
  };
  const auto file = two_sites_file();
  const auto sum_of = [&](const char* name, std::size_t entity) {
    const auto& variable = *file.find_hourly(name);
    const std::size_t width = file.labels(variable.dimension).size();
    double sum = 0.0;
    for (std::size_t at = entity; at < file.values(variable).size(); at += width) sum += file.values(variable)[at];
    return sum;
  };
  for (const auto& ratio :
       {Ratio{"site_pue_mean", "site_load_mw", "site_it_load_mw", 1.0},
        Ratio{"site_wue_mean_l_per_kwh", "site_water_m3", "site_it_load_mw", 1.0},
        Ratio{"region_carbon_intensity_mean_g_per_kwh", "region_co2_t", "region_load_mw", 1e3},
        Ratio{"service_gpu_energy_per_request_wh", "service_energy_mwh", "service_requests_done", 1e6},
        Ratio{"service_gpu_energy_per_token_j", "service_energy_mwh", "service_output_tokens", 3.6e9}}) {
    const auto total = std::ranges::find(file.totals(), ratio.total, &StoredVariable::name);
    REQUIRE(total != file.totals().end());
    const double of_hours = ratio.unit * sum_of(ratio.numerator, 0) / sum_of(ratio.denominator, 0);
    INFO(ratio.total);
    CHECK(file.values(*total)[0] == Approx(of_hours).epsilon(1e-9));
  }
}

TEST_CASE("a ratio's hours: above the mean where the numerator outruns the denominator", "[compare]") {
  const auto file = two_sites_file();
  const auto& load = file.values(*file.find_hourly("site_load_mw"));
  const auto& it = file.values(*file.find_hourly("site_it_load_mw"));
  const auto total = std::ranges::find(file.totals(), "site_pue_mean", &StoredVariable::name);
  const double pue = file.values(*total)[1];
  const auto hours = hourly_contributions(file, "site_pue_mean", 1, pue);
  double it_mean = 0.0;
  for (std::size_t hour = 0; hour < 12; ++hour) it_mean += it[2 * hour + 1] / 12.0;
  for (std::size_t hour = 0; hour < 12; ++hour)  // the delta method: r + (x - r y) / mean of y
    CHECK((*hours)[hour] == Approx(pue + (load[2 * hour + 1] - pue * it[2 * hour + 1]) / it_mean).epsilon(1e-9));
}
