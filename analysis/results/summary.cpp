#include "analysis/results/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/results/accounting.hpp"
#include "analysis/results/energy_basis.hpp"
#include "analysis/results/expectations_text.hpp"
#include "analysis/results/figures.hpp"
#include "analysis/results/load_shape.hpp"
#include "analysis/results/quantities.hpp"
#include "analysis/results/version.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

std::string duration_text(std::int64_t hours) {
  return hours % 24 == 0 ? fmt::format("{} d", hours / 24) : fmt::format("{} h", hours);
}

/// The value of a registered quantity.
double value_of(const RunOutput& run, std::string_view dimension, std::string_view key, std::size_t entity) {
  for (const auto& quantity : quantities()) {
    if (quantity.dimension == dimension && quantity.key == key) return quantity.value(run, entity);
  }
  throw std::logic_error(fmt::format("no quantity {}.{}", dimension, key));
}

std::string title_line(const RunOutput& run, const Execution& execution, const Screen& screen) {
  const models::Fleet& fleet = run.fleet();
  const std::string left = fmt::format("{} · {}, {}, seed {}", run.header().title, sim::to_text(fleet.start),
                                       duration_text(run.result.hours), run.header().seed);
  const std::string right =
      fmt::format("{:.1f} s on {} thread{}", execution.wall_s, execution.threads, execution.threads == 1 ? "" : "s");
  const std::size_t used = display_width(left) + display_width(right);
  constexpr std::size_t usual_width = 110;
  const std::size_t width = screen.width > 0 ? std::min(screen.width, usual_width) : usual_width;
  if (screen.width > 0 && used + 2 > width)
    return fmt::format("{}\n{}\n", painted(filled(left, width, 2), Colour::bold, screen), right);
  return painted(left, Colour::bold, screen) + std::string(used + 2 < width ? width - used : 2, ' ') + right + "\n";
}

/// "peak 15 min MW"
std::string peak_head(const RunOutput& run) {
  const double seconds = run.header().peak_interval.s();
  const auto is_whole = [&](double unit_s) { return std::fmod(seconds, unit_s) == 0.0; };
  if (is_whole(sim::seconds_per_hour)) return fmt::format("peak {:g} h MW", sim::h_from_s(seconds));
  if (is_whole(sim::seconds_per_minute)) return fmt::format("peak {:g} min MW", seconds / sim::seconds_per_minute);
  return fmt::format("peak {:g} s MW", seconds);
}

constexpr std::size_t most_rows = 12;

/// The heads and cells of load, energy, CO2, cost and water, after those that say of what.
class LoadTable {
 public:
  LoadTable(const RunOutput& run, Column first, Column second) : run_(run) {
    columns_ = {std::move(first), std::move(second), {"load MW"}, {peak_head(run)}, {"energy MWh"},
                {"PUE"},          {"CO2 t"},         {"g/kWh"},   {"cost USD"},     {"water m3"}};
  }

  void add(std::string first, std::string second, std::string_view dimension, std::size_t i, double pue) {
    const auto value = [&](std::string_view key) { return figure(value_of(run_, dimension, key, i)); };
    rows_.push_back({std::move(first), std::move(second), value("load_mw"), value("peak_load_mw"), value("energy_mwh"),
                     fixed(pue, 3), value("co2_t"),
                     fixed(value_of(run_, dimension, "carbon_intensity_g_per_kwh", i), 1), value("cost_usd"),
                     value("water_m3")});
  }

  [[nodiscard]] std::string text(const Screen& screen) const { return table(columns_, rows_, screen); }

 private:
  const RunOutput& run_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string site_table_text(const RunOutput& run, const Screen& screen) {
  LoadTable sites(run, {"region", Align::left}, {"site", Align::left, true});
  const models::Fleet& fleet = run.fleet();
  std::vector<std::size_t> order(fleet.sites.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return fleet.sites[i].regions.front().region.index(); });
  for (const std::size_t i : order)
    sites.add(regions_text(fleet, i), fleet.sites[i].name, "site", i, value_of(run, "site", "pue", i));
  sites.add("total", "", "total", 0, value_of(run, "total", "pue", 0));
  return sites.text(screen);
}

/// What the sites of a region have together; of a site on several grids, that grid's share.
struct RegionSites {
  std::size_t sites = 0;
  double meter_j = 0.0;
  double it_j = 0.0;
};

std::vector<RegionSites> sites_by_region(const RunOutput& run) {
  std::vector<RegionSites> regions(run.fleet().regions.size());
  for (std::size_t i = 0; i < run.fleet().sites.size(); ++i) {
    for (const auto& share : run.fleet().sites[i].regions) {
      RegionSites& region = regions[share.region.index()];
      ++region.sites;
      region.meter_j += share.fraction * run.result.sites[i].meter_j;
      region.it_j += share.fraction * run.result.sites[i].energy.it_j();
    }
  }
  return regions;
}

std::string region_table_text(const RunOutput& run, const Screen& screen) {
  LoadTable regions(run, {"region", Align::left}, {"sites"});
  const auto together = sites_by_region(run);
  for (std::size_t i = 0; i < together.size(); ++i)
    regions.add(run.fleet().regions[i].name, count(static_cast<double>(together[i].sites)), "region", i,
                together[i].meter_j / together[i].it_j);
  const auto sites = count(static_cast<double>(run.fleet().sites.size()));
  regions.add("total", sites, "total", 0, value_of(run, "total", "pue", 0));
  return regions.text(screen) + fmt::format("{} sites, summed by region; run --sites lists each\n", sites);
}

std::string load_table_text(const RunOutput& run, const SummaryView& view) {
  return view.all_rows || run.fleet().sites.size() <= most_rows ? site_table_text(run, view.screen)
                                                                : region_table_text(run, view.screen);
}

/// The rows of a table of services or clusters, each with what it is ranked by.
struct RankedRows {
  std::vector<std::vector<std::string>> rows;
  std::vector<double> counts;
};

/// All of them, or those with the highest counts in the order they have, and a line on the others.
std::string ranked_table(const std::vector<Column>& columns, const RankedRows& ranked, const char* thing,
                         const char* counted, const SummaryView& view) {
  if (view.all_rows || ranked.rows.size() <= most_rows) return table(columns, ranked.rows, view.screen);
  std::vector<std::size_t> order(ranked.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](std::size_t i) { return ranked.counts[i]; });
  double others = 0.0;
  for (std::size_t i = most_rows; i < order.size(); ++i) others += ranked.counts[order[i]];
  std::sort(order.begin(), order.begin() + most_rows);
  std::vector<std::vector<std::string>> shown;
  for (std::size_t i = 0; i < most_rows; ++i) shown.push_back(ranked.rows[order[i]]);
  const std::size_t more = order.size() - most_rows;
  return table(columns, shown, view.screen) + fmt::format("and {} more {}{} with {} {}; run --sites lists each\n", more,
                                                          thing, more == 1 ? "" : "s", count(others), counted);
}

/// Rows of the services of one kind.
template <class Row>
RankedRows service_rows(const RunOutput& run, models::ServiceKind kind, Row row) {
  RankedRows ranked;
  for (std::size_t i = 0; i < run.fleet().services.size(); ++i) {
    if (run.fleet().services[i].kind != kind) continue;
    const auto value = [&](std::string_view key) { return value_of(run, "service", key, i); };
    const bool has_target = run.fleet().services[i].target.any();
    std::vector<std::string> cells = {run.fleet().services[i].name, count(value("requests")),
                                      count(value("requests_done")), count(value("requests_running")),
                                      count(value("requests_waiting"))};
    for (auto& cell : row(value, has_target ? percent(value("slo_met_fraction")) : "-"))
      cells.push_back(std::move(cell));
    ranked.rows.push_back(std::move(cells));
    ranked.counts.push_back(value("requests"));
  }
  return ranked;
}

std::string requests_table(const std::vector<Column>& columns, const RankedRows& ranked, const SummaryView& view) {
  if (ranked.rows.empty()) return "";
  return "\n" + ranked_table(columns, ranked, "service", "requests", view) +
         "GPU: idle time included; meter: with the service's share of hosts, cooling and losses; over completed "
         "requests\n";
}

std::string language_table_text(const RunOutput& run, const SummaryView& view) {
  const std::vector<Column> columns = {{"service", Align::left},
                                       {"requests"},
                                       {"done"},
                                       {"running"},
                                       {"waiting"},
                                       {"TTFT s p50"},
                                       {"p99", Align::right, true},
                                       {"TPOT ms p50"},
                                       {"p99", Align::right, true},
                                       {"SLO met"},
                                       {"GPU Wh/request"},
                                       {"meter Wh"},
                                       {"GPU J/token"}};
  const auto rows = service_rows(run, models::ServiceKind::language, [](const auto& value, std::string met) {
    return std::vector<std::string>{figure(value("ttft_p50_s")),
                                    figure(value("ttft_p99_s")),
                                    figure(sim::ms_from_s(value("tpot_p50_s"))),
                                    figure(sim::ms_from_s(value("tpot_p99_s"))),
                                    std::move(met),
                                    figure(value("gpu_wh_per_request")),
                                    figure(sim::wh_from_j(value("facility_j_per_request"))),
                                    figure(value("gpu_j_per_token"))};
  });
  return requests_table(columns, rows, view);
}

std::string diffusion_table_text(const RunOutput& run, const SummaryView& view) {
  const std::vector<Column> columns = {{"service", Align::left},
                                       {"requests"},
                                       {"done"},
                                       {"running"},
                                       {"waiting"},
                                       {"batch"},
                                       {"latency s p50"},
                                       {"p99", Align::right, true},
                                       {"SLO met"},
                                       {"GPU Wh/request"},
                                       {"meter Wh"}};
  const auto rows = service_rows(run, models::ServiceKind::diffusion, [](const auto& value, std::string met) {
    return std::vector<std::string>{
        figure(value("items_per_batch")),    figure(value("latency_p50_s")),
        figure(value("latency_p99_s")),      std::move(met),
        figure(value("gpu_wh_per_request")), figure(sim::wh_from_j(value("facility_j_per_request")))};
  });
  return requests_table(columns, rows, view);
}

std::string replay_lines(const RunOutput& run) {
  std::string text;
  for (const auto& replay : run.built.replays) {
    text += fmt::format("{}: {} requests of the trace", replay.service, count(static_cast<double>(replay.requests)));
    if (replay.offsets.size() > 1) {
      text += fmt::format(", {} copies from", replay.offsets.size());
      constexpr std::size_t shown = 6;
      for (std::size_t i = 0; i < std::min(shown, replay.offsets.size()); ++i)
        text += fmt::format("{} {:.1f}", i == 0 ? "" : ",", replay.offsets[i].s());
      text += fmt::format("{} s after its start", replay.offsets.size() > shown ? ", ..." : "");
    }
    text += "\n";
  }
  return text;
}

std::string job_table_text(const RunOutput& run, const SummaryView& view) {
  const std::vector<Column> columns = {
      {"cluster", Align::left}, {"jobs"},          {"done"}, {"running"}, {"waiting"}, {"rejected"}, {"wait h mean"},
      {"bounded slowdown"},     {"GPUs allocated"}};
  RankedRows ranked;
  for (std::size_t i = 0; i < run.result.clusters.size(); ++i) {
    if (!run.result.clusters[i].runs_jobs) continue;
    const auto value = [&](std::string_view key) { return value_of(run, "cluster", key, i); };
    ranked.rows.push_back({run.fleet().clusters[i].name, count(value("jobs")), count(value("jobs_done")),
                           count(value("jobs_running")), count(value("jobs_waiting")), count(value("jobs_rejected")),
                           figure(value("wait_mean_h")), figure(value("bounded_slowdown_mean")),
                           percent(value("gpus_busy_fraction"))});
    ranked.counts.push_back(value("jobs"));
  }
  return ranked.rows.empty() ? "" : "\n" + ranked_table(columns, ranked, "cluster", "jobs", view);
}

std::string energy_line(const RunOutput& run) {
  const models::EnergyByOwner energy = run.result.energy();
  const double total_j = energy.facility_j();
  const auto share = [&](const char* name, double energy_j) {
    return fmt::format("  {} {}", name, percent(energy_j / total_j));
  };
  return "energy " + share("inference", energy.inference_j) + share("training", energy.training_j) +
         share("idle GPUs", energy.idle_j) + share("host", energy.host_j) + share("cooling", energy.cooling_j) +
         share("losses", energy.loss_j) + "\n";
}

std::string basis_line(const RunOutput& run) {
  const auto shares = energy_by_basis_j(run);
  const double total_j = run.result.energy().facility_j();
  std::string text = "basis  ";
  for (std::size_t i = 0; i < shares.size(); ++i)
    text += fmt::format("  {} {}", sim::basis_names[i], percent(shares[i] / total_j));
  return text + "  of the energy\n";
}

std::string flag_lines(const RunOutput& run, const Screen& screen) {
  if (run.result.flags.empty()) return "flags    none\n";
  std::string text;
  for (const auto& flag : run.result.flags)
    text += fmt::format("{} {}: {}\n", text.empty() ? "flags   " : "        ",
                        painted(flag.subject, Colour::yellow, screen), flag.text);
  return text;
}

std::string audit_line(const RunOutput& run, const Screen& screen) {
  if (run.result.breach)
    return fmt::format("audits   {}: {}\n", painted("BREACHED", Colour::red, screen),
                       models::to_text(*run.result.breach, run.fleet().start));
  const sim::Audit& audit = run.result.audit;
  std::string laws;
  for (const auto& law : audit.laws()) laws += (laws.empty() ? "" : ", ") + law;
  return fmt::format("audits   {}: all close, worst {:.0e}\n", laws, audit.worst_imbalance());
}

std::string written_line(const Execution& execution) {
  if (execution.written.empty()) return "";
  const double megabytes = static_cast<double>(execution.written_bytes) * 1e-6;
  return fmt::format("wrote    {}, {:.2f} MB.  Next: fleetwatt export {} --csv\n", execution.written, megabytes,
                     execution.written);
}

}  // namespace

std::string summary_text(const RunOutput& run, const Execution& execution, const SummaryView& view) {
  const Screen& screen = view.screen;
  std::string text =
      title_line(run, execution, screen) + "\n" + load_table_text(run, view) + accounting_text(run) + "\n";
  text +=
      language_table_text(run, view) + diffusion_table_text(run, view) + replay_lines(run) + job_table_text(run, view);
  text += "\n" + energy_line(run) + load_shape(run.result.load_w, run.fleet().start, screen) + basis_line(run) +
          flag_lines(run, screen);
  for (const auto& note : run.built.notes) text += "note     " + note + "\n";
  return wrapped(text + audit_line(run, screen) + written_line(execution), screen);
}

nlohmann::ordered_json summary_json(const RunOutput& run, const Execution& execution,
                                    const std::vector<ExpectationOutcome>& expectations) {
  nlohmann::ordered_json json;
  json["title"] = run.header().title;
  json["version"] = std::string(version());
  json["start"] = sim::to_iso8601(run.fleet().start);
  json["hours"] = run.result.hours;
  json["seed"] = run.header().seed;
  json["execution"] = {{"wall_s", execution.wall_s}, {"threads", execution.threads}, {"written", execution.written}};
  const auto number = [](double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  };
  for (const auto& value : all_values(run))
    json["quantities"][value.path] = {{"value", number(value.value)}, {"unit", value.unit}};
  const auto shares = energy_by_basis_j(run);
  const double total_j = run.result.energy().facility_j();
  for (std::size_t i = 0; i < shares.size(); ++i)
    json["energy_basis"][std::string(sim::basis_names[i])] = number(shares[i] / total_j);
  json["accounting"] = accounting_text(run);
  json["flags"] = nlohmann::ordered_json::array();
  for (const auto& flag : run.result.flags) json["flags"].push_back({{"subject", flag.subject}, {"text", flag.text}});
  json["notes"] = run.built.notes;
  json["audits"] = {{"laws", run.result.audit.laws()}, {"worst_imbalance", number(run.result.audit.worst_imbalance())}};
  if (run.result.breach) json["audits"]["breach"] = models::to_text(*run.result.breach, run.fleet().start);
  json["expectations"] = nlohmann::ordered_json::array();
  for (const auto& outcome : expectations) json["expectations"].push_back(outcome_json(outcome));
  return json;
}

}  // namespace fleetwatt::analysis
