// Context that sliding-window layers read: min(context, window) summed over the decoding sequences. A sequence grows by
// a token an iteration until its window is full.
#pragma once

#include <cstdint>
#include <map>

namespace fleetwatt::models {

class WindowTokens {
 public:
  /// Window in tokens; 0 = the model has no such layers and nothing is counted.
  explicit WindowTokens(std::int64_t size) : size_(size) {}

  /// A sequence with `context` tokens starts to decode after `iteration` decode iterations.
  void enter(std::int64_t context, std::uint64_t iteration) {
    tokens_ += inside(context);
    if (context >= size_) return;
    ++growing_;
    ++filling_[fills_at(context, iteration)];
  }

  /// Each sequence gained a token in the decode iteration that is now the `iteration`-th.
  void grow(std::uint64_t iteration) {
    tokens_ += growing_;
    while (!filling_.empty() && filling_.begin()->first <= iteration) {
      growing_ -= filling_.begin()->second;
      filling_.erase(filling_.begin());
    }
  }

  /// A sequence that now has `context` tokens is done.
  void leave(std::int64_t context, std::uint64_t iteration) {
    tokens_ -= inside(context);
    if (context >= size_) return;
    --growing_;
    const auto entry = filling_.find(fills_at(context, iteration));
    if (--entry->second == 0) filling_.erase(entry);
  }

  [[nodiscard]] std::int64_t tokens() const { return tokens_; }
  [[nodiscard]] double size() const { return static_cast<double>(size_); }

 private:
  [[nodiscard]] std::int64_t inside(std::int64_t context) const { return context < size_ ? context : size_; }
  [[nodiscard]] std::uint64_t fills_at(std::int64_t context, std::uint64_t iteration) const {
    return iteration + static_cast<std::uint64_t>(size_ - context);
  }

  std::int64_t size_;
  std::int64_t tokens_ = 0;
  std::int64_t growing_ = 0;                       ///< sequences whose window is not full
  std::map<std::uint64_t, std::int64_t> filling_;  ///< how many of them fill it at the end of which iteration
};

}  // namespace fleetwatt::models
