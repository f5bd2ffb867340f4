// Every number of the format, run at its least and at its greatest, and refused beyond: no bound is a promise untried.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "analysis/results/quantities.hpp"
#include "analysis/run/run_scenario.hpp"
#include "scenarios/schema/tables.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;

namespace {

/// An hour that has something of every table but those of files: entries of its own for everything in the catalogue.
const std::string one_of_everything = R"(
[scenario]
start    = 2024-07-15T00:00:00Z
duration = "1h"
[site.a]
region  = "MINE"
climate = "mine"
[site.a.cluster.serving]
server = "mine"
[site.a.cluster.training]
server = "mine"
jobs   = { synthetic = { mean_interarrival_s = 300 } }
[site.b]
region  = "CISO"
cooling = { family = "static-pue" }
[site.b.cluster.training]
jobs = { synthetic = {} }
[site.c]
region  = "CISO"
weather = { file = "weather.csv" }
[site.c.cluster.training]
jobs = { synthetic = {} }
[service.chat]
model    = "mine"
runs_on  = ["a.serving"]
replicas = 1
demand   = { mean_requests_per_s = 0.2, attachments = { request_fraction = 0.5 } }
[service.image]
model     = "mine"
runs_on   = ["a.serving"]
replicas  = 1
diffusion = {}
demand    = { mean_requests_per_s = 0.05 }
[service.fixed]
model    = "mine"
runs_on  = ["a.serving"]
replicas = 1
demand   = { mean_requests_per_s = 0.2, lengths = { prompt = { fixed = 100 }, output = { fixed = 10 } } }
[routing]
shares = { a = 1 }
[region.MINE]
[catalog.accelerator.mine]
extends          = "h100-sxm"
engine           = "mine"
diffusion_engine = "mine"
[catalog.server.mine]
extends     = "dgx-h100"
accelerator = "mine"
[catalog.model.mine]
extends = "llama-3.1-8b"
[catalog.engine.mine]
extends     = "vllm-2025-h100"
accelerator = "mine"
[catalog.diffusion_model.mine]
extends = "stable-diffusion-3-medium"
[catalog.diffusion_engine.mine]
extends     = "xdit-2025-h100"
accelerator = "mine"
[catalog.region.MINE]
extends = "CISO"
[catalog.climate.mine]
extends = "san-jose"
)";

/// Bounds that are no matter of physics but of hours of computing: read and checked, not run.
bool is_only_read(const std::string& path, double value) {
  static const std::map<std::string, double> cheap_up_to = {{"scenario.duration", 3600.0},
                                                            {"site.a.cluster.serving.nodes", 100.0},
                                                            {"site.a.cluster.training.nodes", 100.0},
                                                            {"service.chat.demand.mean_requests_per_s", 10.0},
                                                            {"service.image.demand.mean_requests_per_s", 10.0},
                                                            {"service.fixed.demand.mean_requests_per_s", 10.0}};
  const auto found = cheap_up_to.find(path);
  return found != cheap_up_to.end() && value > found->second;
}

/// The tables of names that the scenario above has.
std::vector<std::string> names_in(const std::string& path) {
  static const std::map<std::string, std::vector<std::string>> names = {{"site", {"a", "b", "c"}},
                                                                        {"service", {"chat", "image", "fixed"}},
                                                                        {"region", {"MINE"}},
                                                                        {"site.a.cluster", {"serving", "training"}},
                                                                        {"catalog.region", {"MINE"}}};
  const auto found = names.find(path);
  if (found != names.end()) return found->second;
  return path.starts_with("catalog.") && !path.ends_with(".figures") ? std::vector<std::string>{"mine"}
                                                                     : std::vector<std::string>{};
}

using FieldVisitor = std::function<void(const std::string& path, const FieldSpec& field)>;

void walk(const TableSpec& table, const std::string& path, const FieldVisitor& visit) {
  for (const auto& field : table.fields) {
    const std::string inner = join_path(path, field.key);
    if (field.kind == ValueKind::table) {
      walk(*field.table, inner, visit);
    } else if (field.kind == ValueKind::family) {
      walk(*field.alternatives[path == "site.b" ? 1 : 0].table, inner, visit);
    } else if (field.kind == ValueKind::named_tables) {
      for (const auto& name : names_in(inner)) walk(*field.table, join_path(inner, name), visit);
    } else {
      visit(inner, field);
    }
  }
}

/// Where the scenario has nothing that the key belongs to, or another site says the same.
bool is_elsewhere(const std::string& path) {
  const auto under = [&](const char* start) { return path.starts_with(start); };
  return (under("site.c.") && !under("site.c.weather.")) || (under("site.b.") && !under("site.b.cooling.")) ||
         under("site.a.weather.") || under("site.a.cluster.serving.jobs.") || under("region.MINE.carbon.") ||
         under("region.MINE.price.") || path.find(".demand.requests.") != std::string::npos ||
         (under("service.") && !under("service.image.") && path.find(".diffusion.") != std::string::npos) ||
         (under("service.fixed.") && !path.ends_with(".fixed")) || path.find(".tables.") != std::string::npos;
}

struct Bound {
  std::string override;
  std::string path;
  double value = 0.0;
};

std::string as_toml(const FieldSpec& field, double value) {
  switch (field.kind) {
    case ValueKind::integer:
      return fmt::format("{:.0f}", value);
    case ValueKind::duration:
      return fmt::format("\"{}{:.3f}s\"", value < 0.0 ? "-" : "", std::abs(value));
    case ValueKind::numbers: {
      std::string twelve;
      for (int i = 0; i < 12; ++i) twelve += (i > 0 ? ", " : "") + toml_text(value);
      return "[" + twelve + "]";
    }
    default:
      return toml_text(value);
  }
}

bool is_numeric(const FieldSpec& field) {
  return field.kind == ValueKind::number || field.kind == ValueKind::integer || field.kind == ValueKind::duration ||
         field.kind == ValueKind::numbers || field.kind == ValueKind::named_numbers;
}

/// The least and the greatest value, and one beyond each.
struct Bounds {
  std::vector<Bound> within;
  std::vector<Bound> beyond;
};

Bounds all_bounds() {
  Bounds bounds;
  walk(scenario_table(), "", [&](const std::string& path, const FieldSpec& field) {
    if (!is_numeric(field) || is_elsewhere(path)) return;
    const auto [low, high] = field.options.range;
    const std::string key = field.kind != ValueKind::named_numbers ? path
                            : path == "routing.shares"             ? path + ".a"
                                                                   : path + ".solar";
    const auto add = [&](std::vector<Bound>& list, double value) {
      list.push_back({key + "=" + as_toml(field, value), path, value});
    };
    const auto further = [&](double value) {
      const double step = std::abs(value) * 0.01;
      return field.kind == ValueKind::integer ? std::max(std::floor(step), 1.0) : std::max(step, 1e-3);
    };
    if (std::isfinite(low)) add(bounds.within, low), add(bounds.beyond, low - further(low));
    if (std::isfinite(high)) add(bounds.within, high), add(bounds.beyond, high + further(high));
  });
  return bounds;
}

class World {
 public:
  World() {
    std::string rows = "time,temperature_2m,relative_humidity_2m\n";
    folder_.write("weather.csv", rows + "2024-07-15T00:00Z,20,50\n2024-07-15T01:00Z,20,50\n");
    files_ = read_scenario_files(folder_.write("s.toml", one_of_everything));
  }
  [[nodiscard]] LoadedScenario load(const std::string& override) const { return load_scenario(files_, {override}); }

 private:
  TemporaryFolder folder_;
  ScenarioFiles files_;
};

/// What cannot be in a run; empty where all can.
std::string fault_of(const analysis::RunOutput& run) {
  const auto& fleet = run.fleet();
  std::vector<double> idle_w(fleet.sites.size());
  std::vector<double> full_w(fleet.sites.size());
  for (const auto& cluster : fleet.clusters) {
    const double gpus = cluster.server.gpus;
    const double above_idle_w = gpus * (cluster.accelerator.tdp_w - cluster.accelerator.idle_w);
    const double least_w = gpus * cluster.accelerator.idle_w + cluster.server.host_idle_w;
    idle_w[cluster.site.index()] += cluster.nodes * least_w;
    full_w[cluster.site.index()] += cluster.nodes * (least_w + above_idle_w * (1.0 + cluster.server.host_slope));
  }
  for (std::size_t i = 0; i < fleet.sites.size(); ++i) {
    const auto& totals = run.result.sites[i];
    const double it_w = totals.energy.it_j() / 3600.0 / static_cast<double>(fleet.hours);
    if (!(it_w >= idle_w[i] * (1.0 - 1e-6)) || !(it_w <= full_w[i] * (1.0 + 1e-6)))
      return fmt::format("IT of {} is {} W, not within {} and {}", fleet.sites[i].name, it_w, idle_w[i], full_w[i]);
    if (!(totals.meter_j >= totals.energy.it_j() * (1.0 - 1e-12)) || !std::isfinite(totals.meter_j))
      return fmt::format("meter of {}: {} J, IT {} J", fleet.sites[i].name, totals.meter_j, totals.energy.it_j());
  }
  for (const auto& value : analysis::all_values(run)) {  // NaN stands for what there is none of
    if (std::isinf(value.value)) return fmt::format("{} is infinite", value.path);
    if (std::isnan(value.value) && (value.path.ends_with("_mwh") || value.path.ends_with(".pue")))
      return fmt::format("{} is no number", value.path);
  }
  return "";
}

}  // namespace

TEST_CASE("every number runs at its bounds, or is refused with words", "[property]") {
  const World world;
  std::vector<std::string> faults;
  int ran = 0;
  int refused = 0;
  for (const auto& bound : all_bounds().within) {
    INFO(bound.override);
    try {
      auto loaded = world.load(bound.override);
      if (is_only_read(bound.path, bound.value)) continue;
      const std::string fault = fault_of(analysis::run_scenario(std::move(loaded), {}));
      if (!fault.empty()) faults.push_back(bound.override + ": " + fault);
      ++ran;
    } catch (const sim::InputError& error) {
      const std::string text = error.what();
      if (text.find("is out of range") != std::string::npos) faults.push_back(bound.override + ": " + text);
      ++refused;
    } catch (const sim::OutOfRange&) {
      ++refused;
    } catch (const std::exception& error) {
      faults.push_back(bound.override + ": " + error.what());
    }
  }
  for (const auto& fault : faults) UNSCOPED_INFO(fault);
  CHECK(faults.empty());
  CHECK(ran > 3 * refused);
  CHECK(ran > 400);
}

TEST_CASE("every number beyond its bounds is refused by its key", "[property]") {
  const World world;
  const auto beyond = all_bounds().beyond;
  CHECK(beyond.size() > 500);
  for (const auto& bound : beyond) {
    INFO(bound.override);
    std::string text;
    try {
      static_cast<void>(world.load(bound.override));
    } catch (const sim::InputError& error) {
      text = error.what();
    }
    const std::string key = bound.path.substr(bound.path.rfind('.') + 1);
    CHECK_THAT(text, Catch::Matchers::Contains("is out of range") && Catch::Matchers::Contains(key));
  }
}
