// The closed list of units that keys may carry, with the suffix that a key must end in and what turns a value into SI.
#pragma once

#include <array>
#include <string_view>

namespace fleetwatt::scenarios {

struct Unit {
  std::string_view symbol;  ///< for people: "MW"; empty for a plain number
  std::string_view suffix;  ///< of the key: "_mw"; empty where the name itself says it (pue, gpus)
  double si_factor = 1.0;   ///< inside = written * factor
};

namespace units {
inline constexpr Unit none{"", "", 1.0};
inline constexpr Unit fraction{"", "_fraction", 1.0};
inline constexpr Unit watt{"W", "_w", 1.0};
inline constexpr Unit kilowatt{"kW", "_kw", 1e3};
inline constexpr Unit megawatt{"MW", "_mw", 1e6};
inline constexpr Unit celsius{"C", "_c", 1.0};
inline constexpr Unit kelvin{"K", "_k", 1.0};
inline constexpr Unit pascal{"Pa", "_pa", 1.0};
inline constexpr Unit metre{"m", "_m", 1.0};
inline constexpr Unit second{"s", "_s", 1.0};
inline constexpr Unit millisecond{"ms", "_ms", 1e-3};
inline constexpr Unit microsecond{"us", "_us", 1e-6};
inline constexpr Unit megabyte{"MB", "_mb", 1e6};
inline constexpr Unit gigabyte{"GB", "_gb", 1e9};
inline constexpr Unit gigabyte_per_s{"GB/s", "_gb_per_s", 1e9};
inline constexpr Unit terabyte_per_s{"TB/s", "_tb_per_s", 1e12};
inline constexpr Unit teraflop_per_s{"TFLOP/s", "_tflop_per_s", 1e12};
inline constexpr Unit billion{"billion", "_billion", 1e9};
inline constexpr Unit million{"million", "_million", 1e6};
inline constexpr Unit g_per_kwh{"g/kWh", "_g_per_kwh", 1.0};
inline constexpr Unit usd_per_mwh{"USD/MWh", "_usd_per_mwh", 1.0};
inline constexpr Unit l_per_kwh{"L/kWh", "_l_per_kwh", 1.0};
inline constexpr Unit per_s{"1/s", "_per_s", 1.0};
inline constexpr Unit tokens{"tokens", "", 1.0};

/// The whole list: a test holds every description against it.
inline constexpr std::array all = {none,     fraction,  watt,           kilowatt,       megawatt,       celsius,
                                   kelvin,   pascal,    metre,          second,         millisecond,    microsecond,
                                   megabyte, gigabyte,  gigabyte_per_s, terabyte_per_s, teraflop_per_s, billion,
                                   million,  g_per_kwh, usd_per_mwh,    l_per_kwh,      per_s,          tokens};
}  // namespace units

}  // namespace fleetwatt::scenarios
