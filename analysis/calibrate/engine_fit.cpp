#include "analysis/calibrate/engine_fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/calibrate/least_squares.hpp"

namespace fleetwatt::analysis {

namespace {

// Relative residuals beyond which a row counts by its size, not its square.
constexpr double time_core = 0.03;
constexpr double power_core = 0.05;
constexpr double noise = 0.05;  // relative: what a prior's spread is weighed against

constexpr std::array families = {KernelFamily::dense,     KernelFamily::moe,        KernelFamily::hybrid,
                                 KernelFamily::moe_mxfp4, KernelFamily::moe_latent, KernelFamily::moe_chunked};

template <class Terms, std::size_t Count>
double Terms::*member_of(const std::array<models::Term<Terms>, Count>& terms, std::string_view key) {
  const auto found = std::ranges::find(terms, key, &models::Term<Terms>::key);
  return found == terms.end() ? nullptr : found->member;
}

/// Unknowns as columns: one for each, or one for each and engine.
class Columns {
 public:
  Columns(const std::vector<Unknown>& unknowns, const EnginesByAccelerator& engines) : unknowns_(unknowns) {
    for (const auto& [accelerator, engine] : engines) accelerators_.push_back(accelerator);
    for (const auto& unknown : unknowns) {
      first_.push_back(count_);
      count_ += unknown.one_an_engine ? static_cast<Eigen::Index>(accelerators_.size()) : 1;
    }
  }

  [[nodiscard]] Eigen::Index count() const { return count_; }

  [[nodiscard]] Eigen::Index column(std::size_t unknown, const std::string& accelerator) const {
    if (!unknowns_[unknown].one_an_engine) return first_[unknown];
    const auto place = std::ranges::find(accelerators_, accelerator) - accelerators_.begin();
    return first_[unknown] + static_cast<Eigen::Index>(place);
  }

  /// Calls back with each column that belongs to a family on an accelerator, and the key of the term.
  template <class Visit>
  void visit(KernelFamily family, const std::string& accelerator, Visit visit) const {
    for (std::size_t i = 0; i < unknowns_.size(); ++i) {
      for (const auto& slot : unknowns_[i].slots) {
        if ((slot.families & only(family)) != 0) visit(column(i, accelerator), slot.term);
      }
    }
  }

  /// The prior's rows; `factor` scales the prior of an engine's unknowns.
  void set_priors(LeastSquaresProblem& problem, const std::map<std::string, double>& factor) const {
    problem.prior_design = Eigen::MatrixXd::Zero(count_, count_);
    problem.prior_value = Eigen::VectorXd::Zero(count_);
    problem.scale = Eigen::VectorXd::Ones(count_);
    for (std::size_t i = 0; i < unknowns_.size(); ++i) {
      const Unknown& unknown = unknowns_[i];
      for (const auto& accelerator : accelerators_) {
        const Eigen::Index at = column(i, accelerator);
        const double prior = unknown.prior * (unknown.one_an_engine ? factor.at(accelerator) : 1.0);
        const double weight = prior_weight * noise / unknown.spread;
        problem.scale[at] = prior;
        problem.prior_design(at, at) = weight / prior;
        problem.prior_value[at] = weight;
        if (unknown.tied_to.empty()) continue;
        const auto other = std::ranges::find(unknowns_, unknown.tied_to, &Unknown::name) - unknowns_.begin();
        problem.prior_design(at, column(static_cast<std::size_t>(other), accelerator)) = -weight / prior;
        problem.prior_value[at] = 0.0;
      }
    }
  }

 private:
  const std::vector<Unknown>& unknowns_;
  std::vector<std::string> accelerators_;
  std::vector<Eigen::Index> first_;
  Eigen::Index count_ = 0;
};

/// An iteration's amounts with the context's.
models::IterationWork whole_work(const TimeRow& row, const models::BatchLoad& load) {
  auto work = models::iteration_work(row.model, row.accelerator, row.deployment, load);
  const auto context = models::context_work(row.model, row.accelerator, row.deployment, load.sequences);
  work.kernel.kv_cache = context.full_s * row.context_tokens + context.window_s * row.window_tokens;
  work.power.kv_cache = context.busy_share * work.kernel.kv_cache;
  return work;
}

KernelFamily family_of(const TimeRow& row) {
  return models::kernel_family(row.model, row.deployment.precision);
}

double time_of(const models::EngineConstants& engine, const models::KernelConstants& kernel,
               const models::IterationWork& work) {
  return models::dot(models::host_terms, engine.host, work.host) +
         models::dot(models::kernel_terms, kernel.time, work.kernel);
}

void set_time(EnginesByAccelerator& engines, const Columns& columns, const Eigen::VectorXd& fitted) {
  for (auto& [accelerator, engine] : engines) {
    for (const auto family : families) {
      auto& constants = models::constants_for(engine, family);
      columns.visit(family, accelerator, [&, &engine = engine](Eigen::Index column, std::string_view key) {
        if (const auto host = member_of(models::host_terms, key)) engine.host.*host = fitted[column];
        const auto kernel = member_of(models::kernel_terms, key);
        if (kernel == nullptr) return;
        if (!constants) constants.emplace();
        constants->time.*kernel = fitted[column];
      });
    }
  }
}

/// Time for which the host or launches hold the GPU up, where it idles meanwhile.
double held_up_s(const models::EngineConstants& engine, const models::KernelConstants& kernel,
                 const models::IterationWork& work) {
  if (!engine.idles_in_host_time) return 0.0;
  return models::dot(models::host_terms, engine.host, work.host) + kernel.time.layer * work.kernel.layer;
}

/// Power amounts of the mean iteration: its kinds weighted, their times stretched alike to the measured mean.
models::PowerTerms power_amounts(const PowerRow& row, const models::EngineConstants& engine) {
  const models::KernelConstants& kernel = models::nearest_constants(engine, family_of(row.time));
  models::PowerTerms sum;
  double time_s = 0.0;
  for (const auto& [load, share] : row.time.loads) {
    const auto work = whole_work(row.time, load);
    const double whole_s = time_of(engine, kernel, work);
    const double base_s = whole_s - kernel.time.kv_cache * work.kernel.kv_cache;
    time_s += share * whole_s;
    sum.waiting += share * held_up_s(engine, kernel, work);
    sum.compute += share * std::sqrt(work.ideal_compute_s * base_s);
    sum.weights += share * work.power.weights;
    sum.kv_cache += share * work.power.kv_cache;
    sum.fp8_experts += share * work.power.fp8_experts;
    sum.unpacked_experts += share * work.power.unpacked_experts;
  }
  const double stretch = row.time.measured_s / time_s;
  sum.waiting *= stretch;
  sum.resident = row.time.measured_s - sum.waiting;
  sum.compute *= std::sqrt(stretch);
  return sum;
}

}  // namespace

void fit_time(const std::vector<TimeRow>& rows, const std::vector<Unknown>& unknowns, EnginesByAccelerator& engines) {
  const Columns columns(unknowns, engines);
  std::map<std::string, double> no_factor;
  for (const auto& [accelerator, engine] : engines) no_factor[accelerator] = 1.0;
  LeastSquaresProblem problem;
  columns.set_priors(problem, no_factor);
  set_time(engines, columns, Eigen::VectorXd::Zero(columns.count()));  // so that what is left over is not counted twice
  const auto count = static_cast<Eigen::Index>(rows.size());
  problem.design = Eigen::MatrixXd::Zero(count, columns.count());
  problem.target = Eigen::VectorXd::Ones(count);
  problem.row_weight = Eigen::VectorXd::Ones(count);
  for (Eigen::Index at = 0; at < count; ++at) {
    const TimeRow& row = rows[static_cast<std::size_t>(at)];
    const auto& engine = engines.at(row.accelerator.id);
    problem.row_weight[at] = row.weight;
    for (const auto& [load, share] : row.loads) {
      const auto work = whole_work(row, load);
      const double weight = share / row.measured_s;
      problem.target[at] -= weight * time_of(engine, models::nearest_constants(engine, family_of(row)), work);
      columns.visit(family_of(row), row.accelerator.id, [&](Eigen::Index column, std::string_view key) {
        if (const auto host = member_of(models::host_terms, key))
          problem.design(at, column) += weight * (work.host.*host);
        if (const auto kernel = member_of(models::kernel_terms, key))
          problem.design(at, column) += weight * (work.kernel.*kernel);
      });
    }
  }
  set_time(engines, columns, robust_fit(problem, time_core));
}

void fit_power(const std::vector<PowerRow>& rows, const std::vector<Unknown>& unknowns,
               const std::map<std::string, double>& prior_factor, EnginesByAccelerator& engines) {
  const Columns columns(unknowns, engines);
  LeastSquaresProblem problem;
  columns.set_priors(problem, prior_factor);
  const auto count = static_cast<Eigen::Index>(rows.size());
  problem.design = Eigen::MatrixXd::Zero(count, columns.count());
  problem.target = Eigen::VectorXd::Ones(count);
  problem.row_weight = Eigen::VectorXd::Ones(count);
  for (Eigen::Index at = 0; at < count; ++at) {
    const PowerRow& row = rows[static_cast<std::size_t>(at)];
    const auto amounts = power_amounts(row, engines.at(row.time.accelerator.id));
    const double measured_j = row.measured_w * row.time.measured_s;
    problem.target[at] -= row.time.accelerator.idle_w * amounts.waiting / measured_j;
    columns.visit(family_of(row.time), row.time.accelerator.id, [&](Eigen::Index column, std::string_view key) {
      problem.design(at, column) += amounts.*member_of(models::power_terms, key) / measured_j;
    });
  }
  const Eigen::VectorXd fitted = robust_fit(problem, power_core);
  for (auto& [accelerator, engine] : engines) {
    for (const auto family : families) {
      columns.visit(family, accelerator, [&, &engine = engine](Eigen::Index column, std::string_view key) {
        auto& constants = models::constants_for(engine, family);
        if (constants) constants->power.*member_of(models::power_terms, key) = fitted[column];
      });
    }
  }
}

}  // namespace fleetwatt::analysis
