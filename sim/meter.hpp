// Exact integrals of piecewise-constant signals. A meter splits the signal at the edges of its bins, so nothing is
// sampled; bins nest (tick in interval in hour), so what is coarser is a sum of what is finer.
#pragma once

#include <vector>

#include "sim/sim_time.hpp"

namespace fleetwatt::sim {

/// Integrates a signal into consecutive bins of equal width (typically ticks).
class Meter {
 public:
  Meter(SimTime start, Duration bin);

  /// The signal is `value` from `now` on. `now` never goes back.
  void set(SimTime now, double value) {
    advance(now);
    value_ = value;
  }
  /// Integrates the present value up to `now`.
  void advance(SimTime now) {
    while (now >= bin_end_) close_bin();
    add_up_to(now);
  }

  [[nodiscard]] double value() const { return value_; }
  /// Integral since the start, in [unit of the signal] x seconds: the sum of all bins, in their order.
  [[nodiscard]] double total() const { return closed_total_ + in_bin_; }
  /// Hands over the integrals of the bins that have closed since the last call.
  [[nodiscard]] std::vector<double> take_closed();
  /// The same for who takes each bin as it closes: the first of them, 0 where none has closed.
  [[nodiscard]] double take_bin();

 private:
  void add_up_to(SimTime now) {
    in_bin_ += value_ * (now - last_).s();
    last_ = now;
  }
  void close_bin();

  Duration bin_;
  SimTime last_;
  SimTime bin_end_;
  double value_ = 0.0;
  double in_bin_ = 0.0;
  double closed_total_ = 0.0;
  std::vector<double> closed_;
};

/// The highest mean over consecutive intervals of `ticks_per_interval` ticks, as in tariffs and grid codes. Only the
/// running maximum is kept. An interval that the run does not fill is not a peak.
class IntervalPeak {
 public:
  IntervalPeak(Duration tick, int ticks_per_interval);

  /// The integral of one more tick.
  void add_tick(double integral);
  [[nodiscard]] double peak() const { return peak_; }
  /// Start of the interval that held the peak, counted from the first tick.
  [[nodiscard]] Duration peak_start() const;

 private:
  Duration tick_;
  int ticks_per_interval_;
  int in_interval_ = 0;
  std::int64_t interval_ = 0;
  std::int64_t peak_interval_ = 0;
  bool any_ = false;
  double sum_ = 0.0;
  double peak_ = 0.0;
};

}  // namespace fleetwatt::sim
