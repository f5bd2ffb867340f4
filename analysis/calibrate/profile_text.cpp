#include "analysis/calibrate/profile_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/calibrate/engine_text.hpp"
#include "analysis/results/figures.hpp"
#include "sim/calendar.hpp"
#include "sim/random_stream.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr double earliest_unix_time_s = 946684800.0;  // 2000-01-01: no machine counts so long from its start
constexpr double latest_unix_time_s = 4102444800.0;   // 2100-01-01

std::string signed_percent(double error) {
  return std::isfinite(error) ? fmt::format("{:+.1f} %", sim::percent_from_fraction(error)) : "";
}

std::string plain_percent(double error) {
  return std::isfinite(error) ? fmt::format("{:.1f} %", sim::percent_from_fraction(error)) : "";
}

std::string with_unit(double value, const char* unit) {
  return std::isfinite(value) ? fmt::format("{} {}", figure(value), unit) : "";
}

using Row = std::vector<std::string>;

enum class Shown { s, ms };

Row mean_row(const char* name, const ProfileFit& fit, double MeanTimes::*member, Shown unit) {
  const auto cell = [&](const MeanTimes& mean) {
    return unit == Shown::s ? with_unit(mean.*member, "s") : with_unit(sim::ms_from_s(mean.*member), "ms");
  };
  return {name,
          cell(fit.measured.mean),
          cell(fit.before.replay.run.mean),
          signed_percent(fit.before.errors.mean.*member),
          cell(fit.after.replay.run.mean),
          signed_percent(fit.after.errors.mean.*member)};
}

Row median_row(const char* name, const ProfileFit& fit, double MeanTimes::*member) {
  return {name, "",
          "",   plain_percent(fit.before.errors.median_request.*member),
          "",   plain_percent(fit.after.errors.median_request.*member)};
}

Row full_batch_row(const ProfileFit& fit) {
  const auto points = [&](const ServedRun& run) {
    return fmt::format("{:+.1f} points",
                       sim::percent_from_fraction(run.full_batch_fraction - fit.measured.full_batch_fraction));
  };
  const ServedRun& before = fit.before.replay.run;
  const ServedRun& after = fit.after.replay.run;
  return {"time with a full batch",
          plain_percent(fit.measured.full_batch_fraction),
          plain_percent(before.full_batch_fraction),
          points(before),
          plain_percent(after.full_batch_fraction),
          points(after)};
}

std::string run_table(const ProfileTask& task, const ProfileFit& fit, const Screen& screen) {
  std::vector<Row> rows = {
      mean_row("mean time to first token", fit, &MeanTimes::time_to_first_token_s, Shown::s),
      mean_row("mean time per output token", fit, &MeanTimes::time_per_output_token_s, Shown::ms),
      mean_row("mean latency", fit, &MeanTimes::latency_s, Shown::s),
      full_batch_row(fit),
      {"mean GPU power", with_unit(fit.measured_power_w, "W"), with_unit(fit.before.power_w, "W"),
       signed_percent(fit.before.errors.power), with_unit(fit.after.power_w, "W"),
       signed_percent(fit.after.errors.power)},
      median_row("a request's time to first token, median error", fit, &MeanTimes::time_to_first_token_s),
      median_row("a request's time per output token, median error", fit, &MeanTimes::time_per_output_token_s),
      median_row("a request's latency, median error", fit, &MeanTimes::latency_s)};
  return table({{"", Align::left},
                {"measured"},
                {task.engine.id},
                {"error", Align::right, true},
                {"fitted"},
                {"error", Align::right, true}},
               rows, screen);
}

std::string constants_table(const ProfileTask& task, const ProfileFit& fit, const Screen& screen) {
  std::vector<Row> rows;
  for (const auto& constant : fit.constants) {
    for (const auto& key : constant.members) {
      rows.push_back({key, constant.name == key ? "" : constant.name, figure(written_value(fit.start, key)),
                      figure(written_value(fit.engine, key))});
    }
  }
  return table({{"constant", Align::left}, {"fitted as", Align::left}, {task.engine.id}, {"fitted"}}, rows, screen);
}

std::string requests(std::size_t count) {
  return fmt::format("{} request{}", count, count == 1 ? "" : "s");
}

std::string_view name_of(models::WeightPrecision precision) {
  for (const auto& entry : scenarios::weight_precisions) {
    if (entry.precision == precision) return entry.name;
  }
  return "";
}

/// What was run, in words.
std::string served(const ProfileTask& task) {
  return fmt::format("{} in {} on {} x {}, batch limit {}, {} prefill tokens an iteration", task.model.title,
                     name_of(task.deployment.precision), models::gpus(task.deployment), task.accelerator.title,
                     task.deployment.batch_limit, task.deployment.prefill_tokens_per_iteration);
}

/// Fitted factors on reading memory below 1: the fit reads faster than the data sheet allows.
std::vector<std::string> faster_than_peak(const ProfileFit& fit) {
  std::vector<std::string> keys;
  for (const auto& constant : fit.constants) {
    for (const auto& key : constant.members) {
      if (key.find("_factor") != std::string::npos && written_value(fit.engine, key) < 1.0) keys.push_back(key);
    }
  }
  return keys;
}

/// Means that miss by more than what a fit of the right run leaves; the wait for the first token as a part of the
/// latency, since a short one is chance.
bool is_far_off(const ProfileFit& fit) {
  constexpr double far = 0.10;
  const MeanTimes& errors = fit.after.errors.mean;
  const MeanTimes& measured = fit.measured.mean;
  return std::fabs(errors.latency_s) > far || std::fabs(errors.time_per_output_token_s) > far ||
         std::fabs(errors.time_to_first_token_s) * measured.time_to_first_token_s > far * measured.latency_s;
}

std::string notes(const ProfileTask& task, const ProfileFit& fit) {
  std::string text;
  if (task.log.failed > 0)
    text += fmt::format("note: {} without an answer in the log, left out of the replay\n", requests(task.log.failed));
  if (task.calibrated_on.id != task.accelerator.id) {
    text += fmt::format(
        "note: {} was calibrated on {}; its power constants are carried over by the two parts' TDP and peak rates\n",
        task.engine.id, task.calibrated_on.title);
  }
  if (task.power_log && fit.power_covered_fraction < 0.995)
    text += fmt::format("note: the power log covers {} of the run; power is compared there\n",
                        plain_percent(fit.power_covered_fraction));
  if (const auto keys = faster_than_peak(fit); !keys.empty()) {
    text += fmt::format(
        "note: {} below 1: faster than the peak rate of the data sheet. Another constant of this engine is probably "
        "too "
        "high here (--fit), or the peak is too low\n",
        fmt::join(keys, ", "));
  }
  if (is_far_off(fit)) {
    text +=
        "note: the fit is far from the run. Are model, accelerator, precision and limits those of the run, and did it "
        "serve on one replica, without prefix caching or speculative decoding?\n";
  }
  for (const auto& pair : fit.indistinct) text += fmt::format("note: {}\n", pair);
  return text;
}

/// As a TOML basic string takes it.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      result += '?';
    else
      result += c;
  }
  return result;
}

std::string dated(double first_arrival_s) {
  if (first_arrival_s < earliest_unix_time_s || first_arrival_s > latest_unix_time_s) return "";
  return fmt::format(" of {}", sim::to_iso8601({static_cast<std::int64_t>(std::floor(first_arrival_s))}));
}

std::string errors_of(const ProfileFit& fit) {
  const auto tenths_of_percent = [](double error) {  // without a minus before 0.0
    return std::round(10.0 * sim::percent_from_fraction(error)) / 10.0 + 0.0;
  };
  const auto triple = [&](const MeanTimes& errors, const char* form) {
    std::vector<std::string> parts;
    for (const double error : {errors.time_to_first_token_s, errors.time_per_output_token_s, errors.latency_s})
      parts.push_back(std::isfinite(error) ? fmt::format(fmt::runtime(form), tenths_of_percent(error)) : "-");
    return fmt::format("{}", fmt::join(parts, "/"));
  };
  std::string text =
      fmt::format("errors in %, time to first token/time per output token/latency: means {}, median request {}",
                  triple(fit.after.errors.mean, "{:+.1f}"), triple(fit.after.errors.median_request, "{:.1f}"));
  if (std::isfinite(fit.after.errors.power))
    text += fmt::format("; mean power {:+.1f}", sim::percent_from_fraction(fit.after.errors.power));
  return text;
}

std::string source_of(const ProfileTask& task, const ProfileFit& fit, const ProfileOrigin& origin) {
  std::string text = fmt::format("fitted to {} of {} ({:016x}){}", requests(task.log.requests.size()), origin.log_file,
                                 sim::hash_of(origin.log_text), dated(task.log.first_arrival_s));
  if (!origin.power_log_file.empty())
    text += fmt::format(" and {} ({:016x})", origin.power_log_file, sim::hash_of(origin.power_log_text));
  return text + fmt::format("; {}; {}", served(task), errors_of(fit));
}

/// Where single constants come from: the fitted ones, the others of this model's family, and those of other families.
void set_figures(const ProfileTask& task, const ProfileFit& fit, scenarios::EngineEntry& engine) {
  std::vector<std::string> keys;
  for (const auto& constant : fit.constants) keys.insert(keys.end(), constant.members.begin(), constant.members.end());
  const std::string from = fmt::format("as in {}", task.engine.id);
  const auto carried = sim::weakest(
      task.engine.basis, task.calibrated_on.id == task.accelerator.id ? sim::Basis::calibrated : sim::Basis::modelled);
  std::string fitted = fmt::format("fitted: {}; the others {}", fmt::join(keys, ", "), from);
  if (task.calibrated_on.id != task.accelerator.id && std::ranges::none_of(fit.constants, is_power))
    fitted += "; power carried over by TDP and peak rates, not measured";
  for (const auto& [name, constants] :
       {std::pair("dense", &engine.dense), std::pair("moe", &engine.moe), std::pair("hybrid", &engine.hybrid),
        std::pair("moe_mxfp4", &engine.moe_mxfp4), std::pair("moe_latent", &engine.moe_latent),
        std::pair("moe_chunked", &engine.moe_chunked)}) {
    if (!*constants) continue;
    if (fit.family == name)
      engine.figures[name] = {sim::Basis::calibrated, fitted};
    else
      engine.figures[name] = {carried, from};
  }
}

}  // namespace

std::string profile_report(const ProfileTask& task, const ProfileFit& fit, const Screen& screen) {
  const std::string text =
      fmt::format("{}: {} over {} s; {}\n\n{}\n{}\n{}", task.log_name, requests(task.log.requests.size()),
                  figure(fit.measured.span_s), served(task), run_table(task, fit, screen),
                  constants_table(task, fit, screen), notes(task, fit));
  return wrapped(text, screen);
}

std::string profile_text(const ProfileTask& task, const ProfileFit& fit, const ProfileOrigin& origin) {
  scenarios::EngineEntry engine = fit.engine;
  engine.id = origin.id;
  engine.title = escaped(fmt::format("{}, fitted to {}", task.engine.title, origin.log_file));
  engine.accelerator = task.accelerator.id;
  engine.largest_batch = std::min(fit.after.replay.run.most_in_flight, task.deployment.batch_limit);
  engine.basis = sim::Basis::calibrated;
  engine.source = escaped(source_of(task, fit, origin));
  set_figures(task, fit, engine);
  return fmt::format(
      "{}\n"
      "# In a scenario: extends = \"THIS FILE\", and in a service that runs on {}: engine = \"{}\".\n\n{}",
      profile_heading, task.accelerator.id, origin.id, engine_text(engine, "catalog."));
}

}  // namespace fleetwatt::analysis
