#include "analysis/calibrate/least_squares.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "analysis/calibrate/error_summary.hpp"

using namespace fleetwatt::analysis;
using Catch::Matchers::WithinAbs;

TEST_CASE("non-negative least squares: a negative solution is held at zero and the rest fitted again", "[unit]") {
  Eigen::MatrixXd a(3, 2);
  a << 1, 1, 1, 2, 1, 3;
  const auto solve = [&](double b0, double b1, double b2) {
    return non_negative_least_squares(a, Eigen::Vector3d(b0, b1, b2));
  };
  CHECK_THAT(solve(3, 5, 7)[0], WithinAbs(1, 1e-8));  // 1 + 2 x
  CHECK_THAT(solve(3, 5, 7)[1], WithinAbs(2, 1e-8));
  const auto held = solve(1, 3, 5);  // -1 + 2 x: the constant is held, the slope is sum(x b)/sum(x^2) = 22/14
  CHECK(held[0] == 0.0);
  CHECK_THAT(held[1], WithinAbs(22.0 / 14, 1e-8));
}

TEST_CASE("the solution meets the conditions of a minimum over non-negative unknowns", "[unit]") {
  CHECK(rc::check("gradient >= 0, = 0 where the unknown is positive", [] {
    const auto draw = [] { return *rc::gen::inRange(-100, 100) / 10.0; };
    Eigen::MatrixXd a(8, 3);
    Eigen::VectorXd b(8);
    for (Eigen::Index i = 0; i < 8; ++i) {
      for (Eigen::Index j = 0; j < 3; ++j) a(i, j) = draw() + (i == j ? 50 : 0);
      b[i] = draw();
    }
    const auto x = non_negative_least_squares(a, b);
    const Eigen::VectorXd gradient = a.transpose() * (a * x - b);
    for (Eigen::Index j = 0; j < 3; ++j) {
      RC_ASSERT(x[j] >= 0);
      RC_ASSERT(gradient[j] > -1e-4);
      RC_ASSERT(x[j] == 0 || std::abs(gradient[j]) < 1e-4);
    }
  }));
}

TEST_CASE("odd rows do not bend a robust fit, a prior holds what rows do not see", "[unit]") {
  LeastSquaresProblem problem;
  problem.design = Eigen::MatrixXd::Zero(11, 2);
  for (Eigen::Index i = 0; i < 10; ++i) problem.design(i, 0) = 0.5;  // 2 fits ten rows
  problem.design(10, 0) = 2.0;                                       // and is off by 4 in one
  problem.target = problem.row_weight = Eigen::VectorXd::Ones(11);
  problem.prior_design = Eigen::MatrixXd::Identity(2, 2) * 1e-4;
  problem.prior_value = Eigen::Vector2d(1e-4, 7e-4);
  problem.scale = Eigen::Vector2d(1, 1);
  const auto fitted = robust_fit(problem, 0.01, 50);
  CHECK_THAT(fitted[0], WithinAbs(2.0, 0.02));  // plain least squares: 1.08
  CHECK_THAT(fitted[1], WithinAbs(7.0, 1e-6));
}

TEST_CASE("errors: median and 90th percentile of their sizes", "[unit]") {
  const auto summary = summarise({0.01, -0.02, 0.03, -0.04, 0.05, 0.06, -0.07, 0.08, 0.09, -0.10, 0.11});
  CHECK_THAT(summary.median, WithinAbs(0.06, 1e-12));
  CHECK_THAT(summary.p90, WithinAbs(0.10, 1e-12));
  CHECK(in_percent(summary) == "6.0/10.0");
  CHECK(in_percent(summarise({})) == "-");
}
