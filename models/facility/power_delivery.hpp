// The power chain of a site: utility feed, transformer, UPS, PDU, cabling to the racks, and under the transformer a
// branch for the cooling plant. Stages lose power as loss / rating = a + b x + c x^2 at output x = power / rating
// (Schneider Electric white paper 108: no-load, proportional and square-law parts).
//
// A curve ends at the rating, where a breaker would: what is drawn beyond it loses no more, and is flagged.
//
// Leaves out: the racks' own supplies (inside IT power), reactive power, UPS eco mode and battery charging, lighting.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace fleetwatt::models {

/// Loss of a stage over its rating, at output x over its rating.
struct LossCurve {
  double no_load = 0.0;
  double proportional = 0.0;
  double square = 0.0;

  [[nodiscard]] double loss_fraction(double load_fraction) const {
    return no_load + load_fraction * (proportional + load_fraction * square);
  }
};

/// Output over input of a stage; load_fraction > 0.
[[nodiscard]] double efficiency(const LossCurve& curve, double load_fraction);

enum class Redundancy {
  n,         ///< one chain, no spare
  n_plus_1,  ///< one UPS module more than needed; all modules share the load
  two_n      ///< two complete chains, each rated for everything and carrying half
};

struct PowerDeliveryParameters {
  Redundancy redundancy = Redundancy::n_plus_1;
  LossCurve transformer{.no_load = 0.0015, .proportional = 0.0, .square = 0.008};
  LossCurve ups{.no_load = 0.010, .proportional = 0.015, .square = 0.015};  ///< modern double conversion
  LossCurve pdu{.no_load = 0.004, .proportional = 0.0, .square = 0.012};    ///< with its own transformer
  LossCurve cabling{.no_load = 0.0, .proportional = 0.0, .square = 0.0075};
  int ups_modules = 4;     ///< N of N+1
  double oversize = 1.25;  ///< rating of a stage over what it carries at design load
};

/// Powers in one state. facility_w = IT + mechanical + losses.
struct PowerFlow {
  double facility_w = 0.0;
  double transformer_loss_w = 0.0;
  double ups_loss_w = 0.0;
  double pdu_loss_w = 0.0;
  double cabling_loss_w = 0.0;
  double load_over_rating = 0.0;  ///< of the stage that is loaded most
  bool overloaded = false;        ///< a stage carries more than its rating; its loss is then that at the rating

  /// Heat inside the hall, to be cooled.
  [[nodiscard]] double hall_loss_w() const { return ups_loss_w + pdu_loss_w + cabling_loss_w; }
  [[nodiscard]] double loss_w() const { return transformer_loss_w + hall_loss_w(); }
};

class PowerDelivery {
 public:
  /// Builds the tree and rates its stages for full IT and mechanical load.
  ///
  /// it_capacity_w           [W]  > 0
  /// mechanical_capacity_w   [W]  >= 0, of the cooling plant
  PowerDelivery(const PowerDeliveryParameters& parameters, double it_capacity_w, double mechanical_capacity_w);

  /// Power through every stage; both >= 0. Allocates nothing.
  [[nodiscard]] PowerFlow flow(double it_w, double mechanical_w) const;
  /// Losses inside the hall, which do not depend on the mechanical load: what the cooling needs before its power is
  /// known.
  [[nodiscard]] double hall_loss_w(double it_w) const { return flow(it_w, 0.0).hall_loss_w(); }

 private:
  enum class Kind { feed, transformer, ups, pdu, cabling, mechanical };
  static constexpr std::size_t max_stages = 11;

  struct Stage {
    Kind kind = Kind::feed;
    LossCurve curve{};
    double spare = 1.0;       ///< rating for what other stages carry in normal times
    double load_share = 0.0;  ///< of the load of its kind that hangs on it: IT on cabling, mechanical on mechanical
    double rating_w = 0.0;    ///< 0 for what has no losses
    std::size_t parent = 0;   ///< position in stages_; the feed, the last, is its own
  };

  static std::vector<Stage> stages_in_post_order(const PowerDeliveryParameters& parameters);
  void rate(double oversize, double it_capacity_w, double mechanical_capacity_w);
  [[nodiscard]] static double own_load_w(const Stage& stage, double it_w, double mechanical_w);
  static void add_loss(PowerFlow& flow, Kind kind, double loss_w);

  std::vector<Stage> stages_;  ///< children before parents
};

}  // namespace fleetwatt::models
