#include "analysis/calibrate/log_fit.hpp"

#include <cmath>
#include <unsupported/Eigen/NonLinearOptimization>
#include <unsupported/Eigen/NumericalDiff>

namespace fleetwatt::analysis {

namespace {

constexpr double noise = 0.08;
constexpr double robust_core = 0.08;
// Unknowns are logarithms relative to the guesses, moved away from zero: the solver's steps for derivatives are
// relative to the unknown.
constexpr double origin = 10.0;

/// Its square is 2 core^2 (sqrt(1 + (error/core)^2) - 1), written so that small errors keep their digits.
Eigen::ArrayXd robust(const Eigen::ArrayXd& errors) {
  return errors * (2.0 / (1.0 + (1.0 + (errors / robust_core).square()).sqrt())).sqrt();
}

/// As Eigen asks for them.
class Residuals {
 public:
  using Scalar = double;
  using InputType = Eigen::VectorXd;
  using ValueType = Eigen::VectorXd;
  using JacobianType = Eigen::MatrixXd;
  static constexpr int InputsAtCompileTime = Eigen::Dynamic;
  static constexpr int ValuesAtCompileTime = Eigen::Dynamic;

  Residuals(const std::vector<Guess>& guesses, const Eigen::VectorXd& weights, const LogErrors& log_errors)
      : guesses_(guesses), root_weights_(weights.array().sqrt() / noise), log_errors_(log_errors) {}

  [[nodiscard]] int inputs() const { return static_cast<int>(guesses_.size()); }
  [[nodiscard]] int values() const { return inputs() + static_cast<int>(root_weights_.size()); }

  [[nodiscard]] std::vector<double> constants(const Eigen::VectorXd& unknowns) const {
    std::vector<double> constants;
    for (Eigen::Index i = 0; i < unknowns.size(); ++i)
      constants.push_back(guesses_[static_cast<std::size_t>(i)].value * std::exp(unknowns[i] - origin));
    return constants;
  }

  int operator()(const Eigen::VectorXd& unknowns, Eigen::VectorXd& residuals) const {
    residuals.head(root_weights_.size()) = root_weights_ * robust(log_errors_(constants(unknowns)).array());
    for (Eigen::Index i = 0; i < unknowns.size(); ++i)
      residuals[root_weights_.size() + i] = (unknowns[i] - origin) / guesses_[static_cast<std::size_t>(i)].spread;
    return 0;
  }

 private:
  const std::vector<Guess>& guesses_;
  Eigen::ArrayXd root_weights_;
  const LogErrors& log_errors_;
};

}  // namespace

std::vector<double> most_likely(const std::vector<Guess>& guesses, const Eigen::VectorXd& weights,
                                const LogErrors& log_errors) {
  constexpr double tolerance = 1e-9;
  constexpr double difference = 1e-10;  // its root is the relative step of the derivatives
  constexpr double first_step = 0.1;    // relative to the unknowns: about one in the logarithm
  const Residuals residuals(guesses, weights, log_errors);
  Eigen::NumericalDiff<Residuals, Eigen::Central> with_derivatives(residuals, difference);
  Eigen::LevenbergMarquardt<decltype(with_derivatives)> method(with_derivatives);
  method.parameters.ftol = tolerance;
  method.parameters.xtol = tolerance;
  method.parameters.factor = first_step;
  Eigen::VectorXd unknowns = Eigen::VectorXd::Constant(residuals.inputs(), origin);
  method.minimize(unknowns);
  return residuals.constants(unknowns);
}

}  // namespace fleetwatt::analysis
