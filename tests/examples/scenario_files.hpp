// Scenarios for tests: a fresh folder to write files into, the smallest scenarios that run, and the program, called in
// process.
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/cli/command_line.hpp"
#include "scenarios/loader/load_scenario.hpp"
#include "sim/error.hpp"

namespace fleetwatt::tests {

/// A folder of its own, gone with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fleetwatt-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  /// Writes a file, in a folder of the folder where the name has one; returns its path.
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream text;
    text << std::ifstream(path_ / name, std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
  /// A message without the folder's name, which differs from run to run.
  [[nodiscard]] std::string without_folder(std::string text) const {
    const std::string folder = path() + "/";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
      text.erase(at, folder.size());
    return text;
  }

 private:
  std::filesystem::path path_;
};

/// An environment variable for the length of a test; nullopt takes it away.
class ScopedVariable {
 public:
  ScopedVariable(std::string name, const std::optional<std::string>& value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  ~ScopedVariable() { set(before_); }
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  void set(const std::optional<std::string>& value) const {
    if (value)
      ::setenv(name_.c_str(), value->c_str(), 1);
    else
      ::unsetenv(name_.c_str());
  }
  std::string name_;
  std::optional<std::string> before_;
};

/// One site, one server, an 8B model, two hours: runs in a few hundredths of a second.
inline std::string tiny_scenario() {
  return R"([scenario]
title    = "Tiny"
start    = 2024-07-15T00:00:00Z
duration = "2h"

[site.a]
region = "CISO"

[site.a.cluster.serving]
nodes = 1

[service.chat]
model   = "llama-3.1-8b"
runs_on = ["a.serving"]

[service.chat.demand]
mean_requests_per_s = 0.2
)";
}

/// The tiny scenario with a text in place of another; the other must be there.
inline std::string tiny_with(const std::string& old_text, const std::string& new_text) {
  std::string text = tiny_scenario();
  const std::size_t at = text.find(old_text);
  if (at == std::string::npos) throw std::logic_error("the tiny scenario has no `" + old_text + "`");
  return text.replace(at, old_text.size(), new_text);
}

/// One server that runs synthetic jobs and no service.
inline std::string tiny_jobs_scenario() {
  return R"([scenario]
title    = "Tiny jobs"
start    = 2024-07-15T00:00:00Z
duration = "2h"

[site.a]
region = "CISO"

[site.a.cluster.training]
nodes = 1
jobs  = { synthetic = { mean_interarrival_s = 600 } }
)";
}

/// Loads a scenario from a text.
inline scenarios::LoadedScenario loaded_from(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  return scenarios::load_scenario(folder.write("s.toml", text), overrides);
}

/// What loading a scenario complains of, without the folder's name; empty when it loads.
inline std::string faults_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  try {
    static_cast<void>(scenarios::load_scenario(folder.write("s.toml", text), overrides));
  } catch (const sim::InputError& error) {
    return folder.without_folder(error.what());
  }
  return "";
}

struct Outcome {
  analysis::ExitCode code = analysis::ExitCode::ok;
  std::string out;
  std::string err;
};

/// The program with these arguments.
inline Outcome run_program(std::vector<std::string> args, std::function<void(models::FleetResult&)> before_audit = {}) {
  std::ostringstream out;
  std::ostringstream err;
  const analysis::Console console{out, err, false, std::move(before_audit)};
  const analysis::ExitCode code = analysis::run_command_line(std::move(args), console);
  return {code, out.str(), err.str()};
}

/// An hourly CSV file: `header`, then `rows` lines of time and value from `start` on, an hour apart.
inline std::string hourly_csv(const std::string& header, sim::UtcSeconds start, int rows,
                              const std::function<std::string(int)>& value) {
  std::string text = header + "\n";
  for (int row = 0; row < rows; ++row) {
    text += sim::to_iso8601({start.value + row * std::int64_t{3600}}) + "," + value(row) + "\n";
  }
  return text;
}

}  // namespace fleetwatt::tests
