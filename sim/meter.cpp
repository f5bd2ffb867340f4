#include "sim/meter.hpp"

#include <utility>

namespace fleetwatt::sim {

Meter::Meter(SimTime start, Duration bin) : bin_(bin), last_(start), bin_end_(start + bin) {}

void Meter::close_bin() {
  add_up_to(bin_end_);
  closed_.push_back(in_bin_);
  closed_total_ += in_bin_;
  in_bin_ = 0.0;
  bin_end_ += bin_;
}

std::vector<double> Meter::take_closed() {
  return std::exchange(closed_, {});
}

double Meter::take_bin() {
  const auto closed = take_closed();
  return closed.empty() ? 0.0 : closed.front();
}

IntervalPeak::IntervalPeak(Duration tick, int ticks_per_interval)
    : tick_(tick), ticks_per_interval_(ticks_per_interval) {}

void IntervalPeak::add_tick(double integral) {
  sum_ += integral;
  if (++in_interval_ < ticks_per_interval_) return;
  const double mean = sum_ / (tick_ * ticks_per_interval_).s();
  if (!any_ || mean > peak_) {
    peak_ = mean;
    peak_interval_ = interval_;
    any_ = true;
  }
  ++interval_;
  in_interval_ = 0;
  sum_ = 0.0;
}

Duration IntervalPeak::peak_start() const {
  return tick_ * (peak_interval_ * ticks_per_interval_);
}

}  // namespace fleetwatt::sim
