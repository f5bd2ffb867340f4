#include "analysis/run/run_scenario.hpp"

#include "models/fleet/simulate.hpp"

namespace fleetwatt::analysis {

RunOutput run_scenario(scenarios::LoadedScenario loaded, const RunOptions& options) {
  RunOutput run;
  run.loaded = std::move(loaded);
  run.built = scenarios::build_fleet(run.loaded);
  if (options.before_simulating) options.before_simulating(run.built);
  sim::ThreadTeam team(options.threads);
  run.result = models::simulate(run.built.fleet, {.team = &team,
                                                  .progress = options.progress,
                                                  .stop = options.stop,
                                                  .keep_breached = options.keep_breached,
                                                  .queue_limit_bytes = options.queue_limit_bytes,
                                                  .before_audit = options.before_audit});
  run.attribution = models::attribute(run.built.fleet, run.result);
  return run;
}

}  // namespace fleetwatt::analysis
