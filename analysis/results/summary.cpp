#include "analysis/results/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "analysis/results/accounting.hpp"
#include "analysis/results/energy_basis.hpp"
#include "analysis/results/expectations_text.hpp"
#include "analysis/results/figures.hpp"
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

std::string title_line(const RunOutput& run, const Execution& execution) {
  const models::Fleet& fleet = run.fleet();
  const std::string left = fmt::format("{} · {}, {}, seed {}", run.header().title, sim::to_text(fleet.start),
                                       duration_text(run.result.hours), run.header().seed);
  const std::string right =
      fmt::format("{:.1f} s on {} thread{}", execution.wall_s, execution.threads, execution.threads == 1 ? "" : "s");
  const std::size_t used = display_width(left) + display_width(right);
  constexpr std::size_t width = 110;
  return left + std::string(used + 2 < width ? width - used : 2, ' ') + right + "\n";
}

/// "peak 15 min MW"
std::string peak_head(const RunOutput& run) {
  const double seconds = run.header().peak_interval.s();
  if (std::fmod(seconds, sim::seconds_per_hour) == 0.0) return fmt::format("peak {:g} h MW", sim::h_from_s(seconds));
  return fmt::format("peak {:g} min MW", seconds / sim::seconds_per_minute);
}

std::string site_table_text(const RunOutput& run) {
  const std::vector<Column> columns = {{"region", Align::left},
                                       {"site", Align::left},
                                       {"load MW"},
                                       {peak_head(run)},
                                       {"energy MWh"},
                                       {"PUE"},
                                       {"CO2 t"},
                                       {"g/kWh"},
                                       {"cost USD"},
                                       {"water m3"}};
  std::vector<std::vector<std::string>> rows;
  const auto row = [&](std::string region, std::string site, std::string_view dimension, std::size_t i) {
    const auto value = [&](std::string_view key) { return figure(value_of(run, dimension, key, i)); };
    rows.push_back({std::move(region), std::move(site), value("load_mw"), value("peak_load_mw"), value("energy_mwh"),
                    fmt::format("{:.3f}", value_of(run, dimension, "pue", i)), value("co2_t"),
                    fmt::format("{:.1f}", value_of(run, dimension, "carbon_intensity_g_per_kwh", i)), value("cost_usd"),
                    value("water_m3")});
  };
  const models::Fleet& fleet = run.fleet();
  std::vector<std::size_t> order(fleet.sites.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return fleet.sites[i].regions.front().region.index(); });
  for (const std::size_t i : order) row(regions_text(fleet, i), fleet.sites[i].name, "site", i);
  row("total", "", "total", 0);
  return table(columns, rows);
}

/// Rows of the services of one kind.
template <class Row>
std::vector<std::vector<std::string>> service_rows(const RunOutput& run, models::ServiceKind kind, Row row) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < run.fleet().services.size(); ++i) {
    if (run.fleet().services[i].kind != kind) continue;
    const auto value = [&](std::string_view key) { return value_of(run, "service", key, i); };
    const auto& target = run.fleet().services[i].target;
    const bool has_target = target.time_to_first_token || target.time_per_output_token || target.latency;
    std::vector<std::string> cells = {run.fleet().services[i].name, count(value("requests")),
                                      count(value("requests_done")), count(value("requests_running")),
                                      count(value("requests_waiting"))};
    for (auto& cell : row(value, has_target ? percent(value("slo_met_fraction")) : "-"))
      cells.push_back(std::move(cell));
    rows.push_back(std::move(cells));
  }
  return rows;
}

constexpr const char* requests_legend =
    "GPU: idle time included; meter: with the service's share of hosts, cooling and losses; over completed requests\n";

std::string language_table_text(const RunOutput& run) {
  const std::vector<Column> columns = {
      {"service", Align::left}, {"requests"}, {"done"},    {"running"},        {"waiting"},  {"TTFT s p50"}, {"p99"},
      {"TPOT ms p50"},          {"p99"},      {"SLO met"}, {"GPU Wh/request"}, {"meter Wh"}, {"GPU J/token"}};
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
  return rows.empty() ? "" : "\n" + table(columns, rows) + requests_legend;
}

std::string diffusion_table_text(const RunOutput& run) {
  const std::vector<Column> columns = {
      {"service", Align::left}, {"requests"}, {"done"},    {"running"},        {"waiting"}, {"batch"},
      {"latency s p50"},        {"p99"},      {"SLO met"}, {"GPU Wh/request"}, {"meter Wh"}};
  const auto rows = service_rows(run, models::ServiceKind::diffusion, [](const auto& value, std::string met) {
    return std::vector<std::string>{
        figure(value("items_per_batch")),    figure(value("latency_p50_s")),
        figure(value("latency_p99_s")),      std::move(met),
        figure(value("gpu_wh_per_request")), figure(sim::wh_from_j(value("facility_j_per_request")))};
  });
  return rows.empty() ? "" : "\n" + table(columns, rows) + requests_legend;
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

std::string job_table_text(const RunOutput& run) {
  const std::vector<Column> columns = {
      {"cluster", Align::left}, {"jobs"},          {"done"}, {"running"}, {"waiting"}, {"rejected"}, {"wait h mean"},
      {"bounded slowdown"},     {"GPUs allocated"}};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < run.result.clusters.size(); ++i) {
    if (!run.result.clusters[i].runs_jobs) continue;
    const auto value = [&](std::string_view key) { return value_of(run, "cluster", key, i); };
    rows.push_back({run.fleet().clusters[i].name, count(value("jobs")), count(value("jobs_done")),
                    count(value("jobs_running")), count(value("jobs_waiting")), count(value("jobs_rejected")),
                    figure(value("wait_mean_h")), figure(value("bounded_slowdown_mean")),
                    percent(value("gpus_busy_fraction"))});
  }
  return rows.empty() ? "" : "\n" + table(columns, rows);
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

std::string hour_line(const RunOutput& run) {
  constexpr std::size_t width = 72;
  const auto [low, high] = std::ranges::minmax(run.result.load_w);
  return fmt::format("by hour  {}  {} to {} MW\n", sparkline(run.result.load_w, width), figure(sim::mw_from_w(low)),
                     figure(sim::mw_from_w(high)));
}

std::string basis_line(const RunOutput& run) {
  const auto shares = energy_by_basis_j(run);
  const double total_j = run.result.energy().facility_j();
  std::string text = "basis  ";
  for (std::size_t i = 0; i < shares.size(); ++i)
    text += fmt::format("  {} {}", sim::basis_names[i], percent(shares[i] / total_j));
  return text + "  of the energy\n";
}

std::string flag_lines(const RunOutput& run) {
  if (run.result.flags.empty()) return "flags    none\n";
  std::string text;
  for (const auto& flag : run.result.flags)
    text += fmt::format("{} {}: {}\n", text.empty() ? "flags   " : "        ", flag.subject, flag.text);
  return text;
}

std::string audit_line(const RunOutput& run) {
  if (run.result.breach)
    return fmt::format("audits   BREACHED: {}\n", models::to_text(*run.result.breach, run.fleet().start));
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

std::string summary_text(const RunOutput& run, const Execution& execution) {
  std::string text = title_line(run, execution) + "\n" + site_table_text(run) + accounting_text(run) + "\n";
  text += language_table_text(run) + diffusion_table_text(run) + replay_lines(run) + job_table_text(run);
  text += "\n" + energy_line(run) + hour_line(run) + basis_line(run) + flag_lines(run);
  for (const auto& note : run.built.notes) text += "note     " + note + "\n";
  return text + audit_line(run) + written_line(execution);
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
