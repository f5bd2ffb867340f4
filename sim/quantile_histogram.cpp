#include "sim/quantile_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace fleetwatt::sim {

namespace {

// Durations are counted in units of 2^-20 s (a microsecond) before bucketing: nothing that is observed is shorter.
constexpr int unit_shift = Duration::tick_bits - 20;
constexpr int sub_bits = 8;
constexpr std::uint64_t sub_buckets = std::uint64_t{1} << sub_bits;

std::size_t bucket_of(Duration value) {
  const auto units = static_cast<std::uint64_t>(value.ticks()) >> unit_shift;
  if (units < sub_buckets) return units;
  const int doublings = static_cast<int>(std::bit_width(units)) - sub_bits - 1;
  return (static_cast<std::size_t>(doublings) << sub_bits) + static_cast<std::size_t>(units >> doublings);
}

double middle_s(std::size_t bucket) {
  const double unit_s = std::ldexp(1.0, -20);
  if (bucket < sub_buckets) return (static_cast<double>(bucket) + 0.5) * unit_s;
  const auto doublings = static_cast<int>(bucket >> sub_bits) - 1;
  const auto mantissa = (bucket & (sub_buckets - 1)) | sub_buckets;
  return std::ldexp((static_cast<double>(mantissa) + 0.5) * unit_s, doublings);
}

}  // namespace

void QuantileHistogram::add(Duration value) {
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  sum_ticks_ += value.ticks();
}

void QuantileHistogram::merge(const QuantileHistogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sum_ticks_ += other.sum_ticks_;
}

void QuantileHistogram::clear() {
  std::ranges::fill(buckets_, 0);
  count_ = 0;
  sum_ticks_ = 0;
}

double QuantileHistogram::mean_s() const {
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(sum_ticks_) / static_cast<double>(count_) / static_cast<double>(Duration::ticks_per_s);
}

double QuantileHistogram::quantile_s(double p) const {
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(p * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) return middle_s(bucket);
  }
  return middle_s(buckets_.size() - 1);
}

std::uint64_t QuantileHistogram::count_at_most(Duration limit) const {
  const std::size_t last = std::min(bucket_of(limit) + 1, buckets_.size());
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket < last; ++bucket) count += buckets_[bucket];
  return count;
}

}  // namespace fleetwatt::sim
