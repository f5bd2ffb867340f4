// The groups of benchmarks, one file each; main.cpp registers them all.
#pragma once

namespace fleetwatt::benchmarks {

/// threads/...: what two threads give a plain loop here, and what they give a run.
void register_threads();
/// hold/...: the pending event set against the standard library's heap.
void register_hold();
/// run/..., replica/...: the default scenario from end to end, and the iterations of one replica.
void register_runs();
/// sweep/...: 64 one-site weeks on one thread and on two.
void register_sweeps();

}  // namespace fleetwatt::benchmarks
