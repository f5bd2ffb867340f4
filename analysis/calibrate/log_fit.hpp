// Positive constants that a form is not linear in: the most likely ones, given rows and priors on their logarithms.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

namespace fleetwatt::analysis {

/// A constant before the fit: about `value`, its logarithm within `spread`.
struct Guess {
  double value = 1.0;
  double spread = 1.0;
};

/// log(predicted / measured) of each row with these constants.
using LogErrors = std::function<Eigen::VectorXd(const std::vector<double>& constants)>;

/// Constants that minimise sum of weight * error^2 + sum of (log(constant / guess) / spread)^2, where errors
/// beyond some per cent count by their size, not their square. Levenberg and Marquardt's method, from the guesses.
[[nodiscard]] std::vector<double> most_likely(const std::vector<Guess>& guesses, const Eigen::VectorXd& weights,
                                              const LogErrors& log_errors);

}  // namespace fleetwatt::analysis
