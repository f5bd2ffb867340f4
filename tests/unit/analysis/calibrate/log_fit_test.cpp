#include "analysis/calibrate/log_fit.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace fleetwatt::analysis;

namespace {

/// Rows of a * x^b + c, whose constants are sought.
double curve(const std::vector<double>& k, double x) {
  return k[0] * std::pow(x, k[1]) + k[2];
}

LogErrors against(const std::vector<double>& xs, const std::vector<double>& measured) {
  return [=](const std::vector<double>& constants) {
    Eigen::VectorXd errors(static_cast<Eigen::Index>(xs.size()));
    for (std::size_t i = 0; i < xs.size(); ++i)
      errors[static_cast<Eigen::Index>(i)] = std::log(curve(constants, xs[i]) / measured[i]);
    return errors;
  };
}

struct Rows {
  std::vector<double> xs;
  std::vector<double> measured;
};

Rows rows_of(const std::vector<double>& truth) {
  Rows rows;
  for (int i = 1; i <= 40; ++i) {
    rows.xs.push_back(i);
    rows.measured.push_back(curve(truth, i));
  }
  return rows;
}

}  // namespace

TEST_CASE("constants of exact rows are found from guesses far off", "[calibrate]") {
  const std::vector<double> truth = {3.0, 1.3, 20.0};
  const Rows rows = rows_of(truth);
  const auto found = most_likely({{1.0, 5.0}, {1.0, 5.0}, {10.0, 5.0}}, Eigen::VectorXd::Constant(40, 1e4),
                                 against(rows.xs, rows.measured));
  for (std::size_t i = 0; i < truth.size(); ++i) CHECK(found[i] == Approx(truth[i]).epsilon(0.01));
}

TEST_CASE("without rows that tell, a constant stays at its guess", "[calibrate]") {
  const LogErrors blind = [](const std::vector<double>&) { return Eigen::VectorXd::Zero(5); };
  const auto found = most_likely({{2.5, 0.3}, {7.0, 0.1}}, Eigen::VectorXd::Ones(5), blind);
  CHECK(found[0] == Approx(2.5));
  CHECK(found[1] == Approx(7.0));
}

TEST_CASE("one odd row in forty does not bend the rest", "[calibrate]") {
  const std::vector<double> truth = {3.0, 1.3, 20.0};
  Rows rows = rows_of(truth);
  rows.measured[20] *= 3.0;
  const auto found =
      most_likely({{3.0, 1.0}, {1.3, 1.0}, {20.0, 1.0}}, Eigen::VectorXd::Ones(40), against(rows.xs, rows.measured));
  CHECK(curve(found, 10.0) == Approx(curve(truth, 10.0)).epsilon(0.02));
  CHECK(curve(found, 40.0) == Approx(curve(truth, 40.0)).epsilon(0.02));
}
