// Unit conversions: each against its definition (SI Brochure, 9th edition), and pairs against each other.
#include "sim/units.hpp"

#include <catch2/catch.hpp>

namespace fleetwatt::sim {

using Catch::Matchers::WithinRel;

TEST_CASE("times convert", "[unit]") {
  CHECK(s_from_h(1.5) == 5400.0);
  CHECK(h_from_s(5400.0) == 1.5);
  CHECK_THAT(s_from_ms(250.0), WithinRel(0.25, 1e-15));
  CHECK(ms_from_s(0.25) == 250.0);
  CHECK_THAT(s_from_us(250.0), WithinRel(0.00025, 1e-15));
  CHECK(seconds_per_day == hours_per_day * seconds_per_hour);
  CHECK(seconds_per_hour == 60.0 * seconds_per_minute);
}

TEST_CASE("power and energy convert", "[unit]") {
  CHECK(w_from_mw(2.5) == 2.5e6);
  CHECK_THAT(mw_from_w(2.5e6), WithinRel(2.5, 1e-15));
  CHECK(w_from_kw(2.5) == 2500.0);
  CHECK(kwh_from_j(3.6e6) == 1.0);
  CHECK(mwh_from_j(3.6e9) == 1.0);
  CHECK(wh_from_j(3600.0) == 1.0);
  CHECK(j_from_mwh(1.0) == 3.6e9);
  CHECK(kwh_from_j(w_from_kw(1.0) * s_from_h(1.0)) == 1.0);
}

TEST_CASE("temperature, mass and water convert", "[unit]") {
  CHECK(kelvin_from_c(0.0) == 273.15);
  CHECK(kelvin_from_c(-273.15) == 0.0);
  CHECK_THAT(kg_from_g(1500.0), WithinRel(1.5, 1e-15));
  CHECK_THAT(t_from_kg(1500.0), WithinRel(1.5, 1e-15));
  CHECK_THAT(m3_from_water_kg(1500.0), WithinRel(1.5, 1e-15));
}

TEST_CASE("data, rates and counts convert, with decimal prefixes", "[unit]") {
  CHECK(bytes_from_gb(80.0) == 80e9);
  CHECK(per_s_from_tera_per_s(3.35) == 3.35e12);
  CHECK(per_s_from_giga_per_s(900.0) == 9e11);
  CHECK(count_from_giga(70.0) == 70e9);
  CHECK(count_from_mega(70.0) == 70e6);
}

TEST_CASE("percent and fraction convert", "[unit]") {
  CHECK(fraction_from_percent(25.0) == 0.25);
  CHECK(percent_from_fraction(0.25) == 25.0);
}

}  // namespace fleetwatt::sim
