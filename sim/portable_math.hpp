// Logarithm, exponential and the normal quantile from additions, multiplications, divisions and square roots alone, so
// that a draw is the same on every CPU (libm picks its kernels by the CPU it runs on).
#pragma once

namespace fleetwatt::sim {

/// Natural logarithm of a positive, finite x. Within 4e-16 relative of the exact value on
/// [1e-300, 1e300].
[[nodiscard]] double portable_log(double x);

/// e^x for |x| <= 700. Within 2.3e-16 relative of the exact value.
[[nodiscard]] double portable_exp(double x);

/// x such that a standard normal is below it with probability p; 0 < p < 1. About 1e-15 relative.
/// source  Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Appl. Statist. 37(3),
/// PPND16
[[nodiscard]] double normal_quantile(double p);

}  // namespace fleetwatt::sim
