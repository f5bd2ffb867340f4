#include "analysis/calibrate/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/serving/replica.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

/// A second, so that the replayed power can be laid beside a measured log. Times do not depend on it.
constexpr sim::Duration tick = sim::Duration::from_whole_s(1);

double mean_of(double sum, std::size_t count) {
  return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

MeanTimes mean_times(const std::vector<RequestTimes>& requests) {
  MeanTimes sum;
  std::size_t with_gaps = 0;
  for (const auto& request : requests) {
    sum.time_to_first_token_s += request.time_to_first_token_s;
    sum.latency_s += request.latency_s;
    if (!request.time_per_output_token_s) continue;
    sum.time_per_output_token_s += *request.time_per_output_token_s;
    ++with_gaps;
  }
  return {mean_of(sum.time_to_first_token_s, requests.size()), mean_of(sum.time_per_output_token_s, with_gaps),
          mean_of(sum.latency_s, requests.size())};
}

struct Change {
  double time_s = 0.0;
  int by = 0;
};

/// Everything of a run that follows from its requests' times.
ServedRun run_of(const ServingLog& log, std::vector<RequestTimes> requests, int batch_limit) {
  ServedRun run;
  std::vector<Change> changes;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const double arrival_s = log.requests[i].arrival_s;
    const double end_s = arrival_s + requests[i].latency_s;
    changes.push_back({arrival_s, 1});
    changes.push_back({end_s, -1});
    run.span_s = std::max(run.span_s, end_s);
  }
  std::ranges::sort(changes, [](const Change& a, const Change& b) {
    return a.time_s != b.time_s ? a.time_s < b.time_s : a.by < b.by;
  });
  int in_flight = 0;
  double full_s = 0.0;
  double before_s = 0.0;
  for (const auto& change : changes) {
    if (in_flight >= batch_limit) full_s += change.time_s - before_s;
    in_flight += change.by;
    before_s = change.time_s;
    run.most_in_flight = std::max(run.most_in_flight, in_flight);
  }
  run.full_batch_fraction = run.span_s > 0.0 ? full_s / run.span_s : 0.0;
  run.mean = mean_times(requests);
  run.requests = std::move(requests);
  return run;
}

std::int64_t tokens_of(const ServedRequest& request) {
  return std::int64_t{request.prompt_tokens} + request.output_tokens;
}

RequestTimes times_of(const models::CompletedRequest& completed) {
  RequestTimes times;
  times.time_to_first_token_s = completed.time_to_first_token.s();
  times.latency_s = times.time_to_first_token_s;
  if (completed.time_per_output_token) {
    times.time_per_output_token_s = completed.time_per_output_token->s();
    times.latency_s += *times.time_per_output_token_s * (completed.request.output_tokens - 1);
  }
  return times;
}

}  // namespace

ServedRun measured_run(const ServingLog& log, int batch_limit) {
  std::vector<RequestTimes> requests;
  for (const auto& request : log.requests) {
    RequestTimes times{request.first_token_s - request.arrival_s, {}, request.end_s - request.arrival_s};
    if (request.output_tokens > 1)
      times.time_per_output_token_s = (request.end_s - request.first_token_s) / (request.output_tokens - 1);
    requests.push_back(times);
  }
  return run_of(log, std::move(requests), batch_limit);
}

std::optional<std::size_t> request_beyond_cache(const ServingLog& log, const models::IterationModel& model) {
  const auto beyond = std::ranges::find_if(
      log.requests, [&](const ServedRequest& request) { return tokens_of(request) > model.kv_capacity(); });
  if (beyond == log.requests.end()) return std::nullopt;
  return static_cast<std::size_t>(beyond - log.requests.begin());
}

Replay replay(const ServingLog& log, const models::IterationModel& model) {
  const double idle_w = models::gpus(model.deployment()) * model.accelerator().idle_w;
  models::Replica replica(model, {.idle_w = idle_w, .tick = tick});
  std::vector<RequestTimes> requests(log.requests.size());
  std::vector<models::CompletedRequest> completed;
  Replay result;
  std::size_t submitted = 0;
  std::size_t done = 0;
  for (sim::SimTime end = sim::SimTime() + tick; done < log.requests.size(); end += tick) {
    for (; submitted < log.requests.size(); ++submitted) {
      const ServedRequest& request = log.requests[submitted];
      const sim::SimTime arrival = sim::SimTime::at(sim::Duration::from_s(request.arrival_s));
      if (arrival >= end) break;
      if (!replica.submit({arrival, submitted, request.prompt_tokens, request.output_tokens})) {
        throw sim::OutOfRange(
            fmt::format("a request of {} tokens cannot fit a cache of {}", tokens_of(request), model.kv_capacity()));
      }
    }
    completed.clear();
    replica.run_until(end, completed);
    const models::GpuEnergy energy = replica.take_tick_energy();
    result.energy_in_second_j.push_back(energy.active_j + energy.idle_j);
    for (const auto& request : completed) requests[request.request.id] = times_of(request);
    done += completed.size();
  }
  result.run = run_of(log, std::move(requests), model.deployment().batch_limit);
  result.at_batch_limit_fraction = replica.at_batch_limit_s() / result.run.span_s;
  result.energy_j = replica.counted_active_j() + idle_w * std::max(result.run.span_s - replica.busy_s(), 0.0);
  return result;
}

double replayed_power_w(const Replay& replay, const PowerLog& log, double first_arrival_s, double from_s, double to_s,
                        double longest_gap_s) {
  double energy_j = 0.0;
  double time_s = 0.0;
  for (std::size_t second = 0; second < replay.energy_in_second_j.size(); ++second) {
    const auto start_s = static_cast<double>(second);
    const double begin_s = std::max(from_s, start_s);
    const double end_s = std::min(to_s, start_s + 1.0);
    if (begin_s >= end_s) continue;
    const double share = covered_s(log, first_arrival_s + begin_s, first_arrival_s + end_s, longest_gap_s);
    energy_j += share * replay.energy_in_second_j[second];
    time_s += share;
  }
  return time_s > 0.0 ? energy_j / time_s : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace fleetwatt::analysis
