// Conservation ledgers: two sides that must agree, gathered by different code. A breach is an error, never a warning.
#pragma once

#include <string>
#include <vector>

namespace fleetwatt::sim {

/// One law: what came in, what is accounted for, and how close the two must be.
struct LedgerEntry {
  std::string law;      ///< "energy"
  std::string subject;  ///< "dallas.serving"
  double in = 0.0;
  double out = 0.0;
  double tolerance = 0.0;  ///< relative to the larger side; 0 for counts

  /// |in - out| over the larger magnitude; 0 when both are 0, infinite when either is not finite.
  [[nodiscard]] double imbalance() const;
  [[nodiscard]] bool holds() const { return imbalance() <= tolerance; }
};

class Audit {
 public:
  void expect_equal(LedgerEntry entry) { entries_.push_back(std::move(entry)); }

  [[nodiscard]] const std::vector<LedgerEntry>& entries() const { return entries_; }
  [[nodiscard]] std::vector<LedgerEntry> breaches() const;
  [[nodiscard]] double worst_imbalance() const;
  /// The laws that were checked, each once, in the order in which they first came.
  [[nodiscard]] std::vector<std::string> laws() const;
  /// Every breach with both sides, a line each; empty where all laws hold.
  [[nodiscard]] std::string breaches_text() const;

 private:
  std::vector<LedgerEntry> entries_;
};

}  // namespace fleetwatt::sim
