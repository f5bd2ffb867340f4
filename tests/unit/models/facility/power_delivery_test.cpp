#include "models/facility/power_delivery.hpp"

#include <catch2/catch.hpp>

using namespace fleetwatt::models;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double it_capacity_w = 10e6;
constexpr double mechanical_capacity_w = 2e6;

PowerDelivery chain(Redundancy redundancy) {
  return PowerDelivery({.redundancy = redundancy}, it_capacity_w, mechanical_capacity_w);
}

/// A chain with one lossy stage.
PowerDeliveryParameters only(LossCurve PowerDeliveryParameters::*stage, const LossCurve& curve, Redundancy redundancy) {
  PowerDeliveryParameters parameters{
      .redundancy = redundancy, .transformer = {}, .ups = {}, .pdu = {}, .cabling = {}, .oversize = 1.0};
  parameters.*stage = curve;
  return parameters;
}

}  // namespace

TEST_CASE("efficiencies of the loss curves", "[power_delivery]") {
  const LossCurve modern{.no_load = 0.010, .proportional = 0.015, .square = 0.015};
  CHECK_THAT(efficiency(modern, 0.25), WithinAbs(0.9445, 5e-5));  // 0.25 / (0.25 + 0.010 + 0.00375 + 0.00094)
  CHECK_THAT(efficiency(modern, 0.50), WithinAbs(0.9592, 5e-5));  // 0.5 / (0.5 + 0.010 + 0.0075 + 0.00375)
  CHECK_THAT(efficiency(modern, 0.75), WithinAbs(0.9619, 5e-5));
  CHECK_THAT(efficiency(modern, 1.00), WithinAbs(0.9615, 5e-5));
  const LossCurve transformer = PowerDeliveryParameters{}.transformer;
  CHECK(efficiency(transformer, 0.5) > 0.992);  // MV transformers: 0.992-0.995 at half load
  CHECK(efficiency(transformer, 0.5) < 0.995);
  const LossCurve pdu = PowerDeliveryParameters{}.pdu;
  CHECK(efficiency(pdu, 0.5) > 0.980);  // PDU with transformer: 0.98-0.987
  CHECK(efficiency(pdu, 0.5) < 0.987);
  const LossCurve cabling = PowerDeliveryParameters{}.cabling;
  CHECK(efficiency(cabling, 1.0) > 0.990);  // busway and cabling: 0.990-0.995 at full load
  CHECK(efficiency(cabling, 1.0) < 0.995);
}

TEST_CASE("a lone UPS carries x by redundancy: all, N/(N+1), half a side", "[power_delivery]") {
  const LossCurve curve{.no_load = 0.010, .proportional = 0.015, .square = 0.015};
  const auto loss_w = [&](Redundancy redundancy) {
    return PowerDelivery(only(&PowerDeliveryParameters::ups, curve, redundancy), 1e6, 0.0).flow(1e6, 0.0).ups_loss_w;
  };
  CHECK_THAT(loss_w(Redundancy::n), WithinRel(1e6 * 0.040, 1e-12));  // x 1, one rating of 1 MW
  CHECK_THAT(loss_w(Redundancy::n_plus_1),
             WithinRel(1.25e6 * (0.010 + 0.012 + 0.0096), 1e-12));  // x 0.8, 5 modules of 0.25 MW
  CHECK_THAT(loss_w(Redundancy::two_n), WithinRel(2e6 * (0.010 + 0.0075 + 0.00375), 1e-12));  // x 0.5, two of 1 MW
}

TEST_CASE("losses of a chain add up from the racks to the feed", "[power_delivery]") {
  // Plain proportional losses: 1 % each stage over what it delivers.
  const LossCurve one_percent{.no_load = 0.0, .proportional = 0.01, .square = 0.0};
  const PowerDelivery delivery({.redundancy = Redundancy::n,
                                .transformer = one_percent,
                                .ups = one_percent,
                                .pdu = one_percent,
                                .cabling = one_percent},
                               1e6, 1e5);
  const PowerFlow flow = delivery.flow(1e6, 1e5);
  CHECK_THAT(flow.cabling_loss_w, WithinRel(1e4, 1e-12));
  CHECK_THAT(flow.pdu_loss_w, WithinRel(1e4 * 1.01, 1e-12));
  CHECK_THAT(flow.ups_loss_w, WithinRel(1e4 * 1.01 * 1.01, 1e-12));
  CHECK_THAT(flow.transformer_loss_w, WithinRel(1e4 * 1.01 * 1.01 * 1.01 + 1e3, 1e-12));
  CHECK_THAT(flow.facility_w, WithinRel(1e6 * 1.01 * 1.01 * 1.01 * 1.01 + 1e5 * 1.01, 1e-12));
}

TEST_CASE("power is conserved at any load and redundancy", "[power_delivery]") {
  for (const Redundancy redundancy : {Redundancy::n, Redundancy::n_plus_1, Redundancy::two_n}) {
    const PowerDelivery delivery = chain(redundancy);
    for (const double load : {0.0, 0.1, 0.5, 1.0, 1.5}) {
      const PowerFlow flow = delivery.flow(load * it_capacity_w, load * mechanical_capacity_w);
      CHECK_THAT(flow.facility_w, WithinRel(load * (it_capacity_w + mechanical_capacity_w) + flow.loss_w(), 1e-12));
      CHECK(flow.loss_w() > 0.0);  // no-load losses stay
    }
  }
}

TEST_CASE("losses in the hall do not depend on the cooling plant", "[power_delivery]") {
  const PowerDelivery delivery = chain(Redundancy::two_n);
  const PowerFlow idle_plant = delivery.flow(7e6, 0.0);
  const PowerFlow busy_plant = delivery.flow(7e6, 2e6);
  CHECK(idle_plant.hall_loss_w() == busy_plant.hall_loss_w());
  CHECK(delivery.hall_loss_w(7e6) == busy_plant.hall_loss_w());
  CHECK(busy_plant.transformer_loss_w > idle_plant.transformer_loss_w);
}

TEST_CASE("redundancy costs: 2N loses more than N+1 at part load, N+1 more than N", "[power_delivery]") {
  const double n_w = chain(Redundancy::n).flow(4e6, 5e5).loss_w();
  const double n_plus_1_w = chain(Redundancy::n_plus_1).flow(4e6, 5e5).loss_w();
  const double two_n_w = chain(Redundancy::two_n).flow(4e6, 5e5).loss_w();
  CHECK(n_w < n_plus_1_w);
  CHECK(n_plus_1_w < two_n_w);
}

TEST_CASE("overload is reported, with the losses of the rating", "[power_delivery]") {
  const LossCurve curve{.no_load = 0.010, .proportional = 0.015, .square = 0.015};
  const PowerDelivery delivery(only(&PowerDeliveryParameters::ups, curve, Redundancy::n), 1e6, 0.0);
  CHECK_FALSE(delivery.flow(1e6, 0.0).overloaded);
  const PowerFlow over = delivery.flow(1.2e6, 0.0);
  CHECK(over.overloaded);
  CHECK_THAT(over.load_over_rating, WithinRel(1.2, 1e-12));
  for (const double it_w : {1e6, 1.2e6, 3e6, 1e12}) {  // 0.010 + 0.015 + 0.015 of 1 MW, never more
    CHECK_THAT(delivery.flow(it_w, 0.0).ups_loss_w, WithinRel(4e4, 1e-12));
    CHECK_THAT(delivery.flow(it_w, 0.0).facility_w, WithinRel(it_w + 4e4, 1e-12));
  }
  // The design load fills a stage to 1/oversize of its rating; 2N leaves a whole side to spare.
  CHECK_FALSE(chain(Redundancy::n).flow(it_capacity_w, mechanical_capacity_w).overloaded);
  CHECK(chain(Redundancy::n).flow(1.3 * it_capacity_w, mechanical_capacity_w).overloaded);
  CHECK_FALSE(chain(Redundancy::two_n).flow(2.0 * it_capacity_w, mechanical_capacity_w).overloaded);
  CHECK_FALSE(chain(Redundancy::n).flow(0.0, 0.0).overloaded);
  // Too much cooling alone overloads the transformer.
  CHECK(chain(Redundancy::n).flow(it_capacity_w, 3.0 * mechanical_capacity_w).overloaded);
}

TEST_CASE("losses scale with the size of the site", "[power_delivery]") {
  const double small_w = PowerDelivery({}, 1e6, 2e5).flow(6e5, 1e5).loss_w();
  const double large_w = PowerDelivery({}, 1e8, 2e7).flow(6e7, 1e7).loss_w();
  CHECK_THAT(large_w, WithinRel(100.0 * small_w, 1e-12));
}
