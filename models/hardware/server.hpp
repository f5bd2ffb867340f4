// A server: its accelerators, and the rest of it (CPUs, memory, network, fans, supply losses) as one affine function of
// what the accelerators draw. Affine means that a host's energy follows from its GPUs' energy, however the GPUs are
// shared out. Leaves out: inlet temperature's effect on fans; CPU load that does not follow the GPUs.
#pragma once

#include <string>

#include "models/hardware/accelerator.hpp"

namespace fleetwatt::models {

struct Server {
  std::string id;
  std::string title;
  std::string accelerator;  ///< name of a catalogue entry
  int gpus = 8;
  double rated_w = 0.0;      ///< nameplate of the whole server
  double host_idle_w = 0.0;  ///< all but the accelerators, when those idle
  double host_slope = 0.0;   ///< host watts added for each GPU watt above idle
  sim::Basis basis = sim::Basis::assumed;
};

/// Energy of a host over a span of time from the energy of its accelerators in that span.
///
/// gpu_energy_j   [J]  of all accelerators of the server
/// span_s         [s]  > 0
/// returns        [J]  host_idle_w * span + slope * (gpu_energy - idle energy of the accelerators)
/// source         form and figures of the catalogue entry (DGX H100: 1.8 kW + 0.2 (P_gpus - 0.56 kW), fitted to 8.4 kW
/// at full
///                load, Latif et al. 2025, and 0.76 of nameplate, Newkirk et al. 2025)
[[nodiscard]] inline double host_energy_j(const Server& server, const Accelerator& accelerator, double gpu_energy_j,
                                          double span_s) {
  const double idle_gpu_j = server.gpus * accelerator.idle_w * span_s;
  return server.host_idle_w * span_s + server.host_slope * (gpu_energy_j - idle_gpu_j);
}

}  // namespace fleetwatt::models
