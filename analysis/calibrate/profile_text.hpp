// What `fleetwatt calibrate` says and writes: the measured run beside the replayed ones, the constants before and
// after, and a profile, a TOML file whose engine scenarios name. Nothing in them depends on when or where it is run.
#pragma once

#include <string>

#include "analysis/calibrate/fit_profile.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// Tables for the screen.
[[nodiscard]] std::string profile_report(const ProfileTask& task, const ProfileFit& fit, const Screen& screen = {});

/// What a profile says of where it comes from.
struct ProfileOrigin {
  std::string id;              ///< of the engine
  std::string log_file;        ///< without its folder
  std::string log_text;        ///< whose hash is noted
  std::string power_log_file;  ///< empty without one
  std::string power_log_text;
};

/// First line of every profile: by it a file that may be replaced is told from others.
inline constexpr const char* profile_heading = "# Constants of a serving engine, fitted by `fleetwatt calibrate`.";

/// The file: `[catalog.engine.ID]`, with errors of the fit, hash and date of the logs in `source`. The date is that of
/// the log's first arrival, where its clock is Unix time.
[[nodiscard]] std::string profile_text(const ProfileTask& task, const ProfileFit& fit, const ProfileOrigin& origin);

}  // namespace fleetwatt::analysis
