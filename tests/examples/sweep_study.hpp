// A folder with a scenario, and sweeps of it in process.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "analysis/sweep/run_sweep.hpp"
#include "tests/examples/scenario_files.hpp"

namespace fleetwatt::tests {

/// Of the tiny scenario, unless another is given.
struct Study {
  TemporaryFolder folder;
  std::string scenario;

  explicit Study(const std::string& text = tiny_scenario()) : scenario(folder.write("tiny.toml", text)) {}

  [[nodiscard]] analysis::SweepRequest request(std::vector<std::string> vary,
                                               const std::string& output = "sweep.h5") const {
    analysis::SweepRequest request;
    request.scenario = scenario;
    request.vary = std::move(vary);
    request.output = folder.path(output);
    return request;
  }
  [[nodiscard]] analysis::SweepOutcome run(const analysis::SweepRequest& request,
                                           const std::atomic<bool>* stop = nullptr) const {
    return analysis::run_sweep(request, {.progress = {}, .stop = stop});
  }
  [[nodiscard]] std::string fault(const analysis::SweepRequest& request) const {
    try {
      static_cast<void>(run(request));
    } catch (const sim::InputError& error) {
      return folder.without_folder(error.what());
    }
    return "";
  }
  /// Runs until `runs` are done, as Ctrl-C would.
  [[nodiscard]] analysis::SweepOutcome run_some(const analysis::SweepRequest& request, std::size_t runs) const {
    std::atomic<bool> stop{false};
    return analysis::run_sweep(
        request, {.progress = [&](std::size_t done, std::size_t) { stop = done >= runs; }, .stop = &stop});
  }
};

}  // namespace fleetwatt::tests
