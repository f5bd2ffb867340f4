#include "analysis/calibrate/least_squares.hpp"

#include <algorithm>
#include <cmath>

namespace fleetwatt::analysis {

Eigen::VectorXd non_negative_least_squares(const Eigen::MatrixXd& a, const Eigen::VectorXd& b) {
  constexpr int most_sweeps = 20000;
  constexpr double tolerance = 1e-10;
  const Eigen::MatrixXd gram = a.transpose() * a;
  const Eigen::VectorXd target = a.transpose() * b;
  Eigen::VectorXd unknowns = Eigen::VectorXd::Zero(a.cols());
  Eigen::VectorXd gradient = -target;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double largest_change = 0.0;
    for (Eigen::Index i = 0; i < unknowns.size(); ++i) {
      const double value = std::max(0.0, unknowns[i] - gradient[i] / gram(i, i));
      const double change = value - unknowns[i];
      if (change == 0.0) continue;
      gradient += change * gram.col(i);
      unknowns[i] = value;
      largest_change = std::max(largest_change, std::abs(change));
    }
    if (largest_change < tolerance) break;
  }
  return unknowns;
}

Eigen::VectorXd robust_fit(const LeastSquaresProblem& problem, double core, int rounds) {
  const Eigen::Index rows = problem.design.rows();
  const Eigen::Index priors = problem.prior_design.rows();
  const Eigen::MatrixXd scaled = problem.design * problem.scale.asDiagonal();
  Eigen::MatrixXd a(rows + priors, scaled.cols());
  Eigen::VectorXd b(rows + priors);
  a.bottomRows(priors) = problem.prior_design * problem.scale.asDiagonal();
  b.tail(priors) = problem.prior_value;
  Eigen::ArrayXd weights = problem.row_weight.array();
  Eigen::VectorXd unknowns;
  for (int round = 0; round < rounds; ++round) {
    a.topRows(rows) = weights.matrix().asDiagonal() * scaled;
    b.head(rows) = (weights * problem.target.array()).matrix();
    unknowns = non_negative_least_squares(a, b);
    const Eigen::ArrayXd residuals = (scaled * unknowns - problem.target).array();
    weights = problem.row_weight.array() * (1.0 + (residuals / core).square()).pow(-0.25);
  }
  return problem.scale.asDiagonal() * unknowns;
}

}  // namespace fleetwatt::analysis
