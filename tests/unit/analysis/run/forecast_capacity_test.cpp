// What `validate` says that a service can serve, against a run under three times that.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "analysis/run/run_scenario.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using Catch::Matchers::WithinRel;

namespace {

struct SaturatedService {
  const char* name;
  const char* service;  ///< lines of [service.chat]
  const char* demand;   ///< lines of [service.chat.demand], but for the rate
  const char* duration = "3h";
};

const std::vector<SaturatedService> services = {
    {"lengths all alike", "model = 'llama-3.1-8b'",
     "lengths = { prompt = { fixed = 1000 }, output = { fixed = 200 } }"},
    {"a heavy tail with a cap", "model = 'llama-3.1-8b'",
     "lengths = { prompt = { fixed = 100 }, output = { lognormal = { median = 60, sigma = 2.5, max = 3000 } } }", "6h"},
    {"a heavy tail of prompts with a cap", "model = 'llama-3.1-8b'",
     "lengths = { prompt = { lognormal = { median = 100, sigma = 3, max = 20000 } }, output = { fixed = 100 } }"},
    {"outputs cut at the context limit", "model = 'llama-3.1-8b'\ncontext_limit_tokens = 1500",
     "lengths = { prompt = { lognormal = { median = 700, sigma = 1 } }, output = { lognormal = { median = 800, sigma = "
     "1.5 } } }",
     "6h"},
    {"requests rejected at the context limit",
     "model = 'llama-3.1-8b'\ncontext_limit_tokens = 1500\nover_length = 'reject'",
     "lengths = { prompt = { lognormal = { median = 700, sigma = 1 } }, output = { lognormal = { median = 800, sigma = "
     "1.5 } } }"},
    {"pipeline stages", "model = 'llama-3.1-70b'\ntensor_parallel = 2\npipeline_parallel = 2\nbatch_limit = 64",
     "lengths = { prompt = { fixed = 500 }, output = { lognormal = { median = 150, sigma = 0.6 } } }", "6h"},
    {"prompts that fill the iterations", "model = 'llama-3.1-8b'",
     "lengths = { prompt = { fixed = 4000 }, output = { fixed = 20 } }"},
    {"single tokens", "model = 'llama-3.1-8b'", "lengths = { prompt = { fixed = 300 }, output = { fixed = 1 } }"},
    {"a small cache", "model = 'llama-3.1-8b'\nkv_cache_tokens = 30000",
     "lengths = { prompt = { lognormal = { median = 1000, sigma = 0.8 } }, output = { fixed = 300 } }"},
    {"a batch limit of one", "model = 'llama-3.1-8b'\nbatch_limit = 1",
     "lengths = { prompt = { fixed = 300 }, output = { lognormal = { median = 100, sigma = 1 } } }", "12h"},
    {"a mixture of experts", "model = 'qwen3-235b-a22b'\nbatch_limit = 128",
     "lengths = { prompt = { fixed = 300 }, output = { fixed = 250 } }"},
    {"attachments", "model = 'llama-3.1-8b'",
     "attachments = { request_fraction = 0.3 }\nlengths = { prompt = { fixed = 300 }, output = { fixed = 100 } }"},
    {"images", "model = 'stable-diffusion-3.5-large'\nbatch_limit = 4\ndiffusion = { steps = 28 }", "", "12h"}};

std::string scenario_of(const SaturatedService& service) {
  return fmt::format(R"([scenario]
title = "Saturated"
duration = "{}"
[site.a]
region = "CISO"
[site.a.cluster.serving]
nodes = 1
[service.chat]
{}
runs_on  = ["a.serving"]
replicas = 1
[service.chat.demand]
mean_requests_per_s = 1
{}
)",
                     service.duration, service.service, service.demand);
}

}  // namespace

TEST_CASE("capacities that a forecast states are those of saturated runs", "[run]") {
  for (const auto& service : services) {
    auto loaded = tests::loaded_from(scenario_of(service));
    const auto idle = scenarios::build_fleet(loaded).capacities.at(0);
    REQUIRE(idle.capacity_per_s > 0.0);
    const double asked_per_s = 3.0 * idle.capacity_per_s / idle.accepted_per_s;
    const auto run = analysis::run_scenario(
        tests::loaded_from(scenario_of(service),
                           {fmt::format("service.chat.demand.mean_requests_per_s={}", asked_per_s)}),
        {});
    const auto& totals = run.result.services[0];
    const double found_per_s = models::capacity_per_s(run.fleet(), run.result, models::ServiceId(0));
    INFO(service.name << ": forecast " << idle.capacity_per_s << ", run " << found_per_s);
    REQUIRE(totals.saturated_hours > 0);
    CHECK_THAT(idle.capacity_per_s, WithinRel(found_per_s, 0.1));
    const auto& counts = totals.counts;
    CHECK_THAT(idle.accepted_per_s,
               WithinRel(1.0 - static_cast<double>(counts.rejected) / static_cast<double>(counts.arrived), 0.01));
  }
}
