// Robust least squares with non-negative unknowns and a prior: what all fits of constants use.
#pragma once

#include <Eigen/Core>

namespace fleetwatt::analysis {

/// Rows of `design` times the unknowns should be `target` (each row is a model's terms over the value measured, so a
/// residual is a relative error); rows of `prior_design` times the unknowns should be `prior_value`.
struct LeastSquaresProblem {
  Eigen::MatrixXd design;
  Eigen::VectorXd target;  ///< 1 for rows that no known part is taken from
  Eigen::VectorXd row_weight;
  Eigen::MatrixXd prior_design;
  Eigen::VectorXd prior_value;
  Eigen::VectorXd scale;  ///< typical size of each unknown, > 0
};

/// Unknowns >= 0 that minimise sum of (residual^2 weighted by 1/sqrt(1 + (residual/core)^2)) + prior residual^2:
/// residuals beyond `core` count by their size, not their square, so that a few odd rows do not bend the rest.
/// Reweighted `rounds` times.
[[nodiscard]] Eigen::VectorXd robust_fit(const LeastSquaresProblem& problem, double core, int rounds = 15);

/// Unknowns >= 0 that minimise |A u - b|^2, by cyclic descent; A must have full column rank (a prior sees to it).
[[nodiscard]] Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b);

}  // namespace fleetwatt::analysis
