// Tables of a results file: what is chosen, tidy and wide, and on the screen.
#include "analysis/export/csv.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "analysis/export/results_table.hpp"
#include "tests/examples/results_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::analysis;
using namespace fleetwatt::tests;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

std::vector<std::string> names(const ResultsFile& file, const Selection& selection) {
  std::vector<std::string> names;
  for (const auto& variable : selected(file, selection)) names.push_back(variable.name);
  return names;
}

std::string complaint(const ResultsFile& file, const Selection& selection) {
  return complaint_of([&] { static_cast<void>(selected(file, selection)); });
}

using Csv = CsvSize(const ResultsFile&, const Selection&, const TextSink&);

std::string text_of(Csv csv, const ResultsFile& file, const Selection& selection) {
  std::string text;
  csv(file, selection, [&](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

std::string line(const std::string& text, int number) {
  std::istringstream stream(text);
  std::string found;
  for (int i = 0; i < number; ++i) std::getline(stream, found);
  return found;
}

}  // namespace

TEST_CASE("a selection: by dimension, by full name, by the part after the dimension", "[export]") {
  const auto file = two_sites_file();
  CHECK(selected(file, {}).size() == file.hourly().size());
  CHECK(names(file, {{"fleet"}, {}}) == std::vector<std::string>{"fleet_load_mw"});
  CHECK(names(file, {{}, {"load_mw"}}) == std::vector<std::string>{"fleet_load_mw", "site_load_mw", "region_load_mw"});
  CHECK(names(file, {{"region"}, {"co2_t", "load_mw"}}) == std::vector<std::string>{"region_load_mw", "region_co2_t"});
  CHECK(names(file, {{"region", "site"}, {"region_load_mw"}}) == std::vector<std::string>{"region_load_mw"});
}

TEST_CASE("a selection that names nothing is refused, the nearest named", "[export]") {
  const auto file = two_sites_file();
  CHECK(complaint(file, {{"regoin"}, {}}) == "error: no dimension `regoin`\n       did you mean `region`?\n");
  CHECK(complaint(file, {{}, {"lod_mw"}}) ==
        "error: two.h5 has no hourly variable `lod_mw`\n       did you mean `load_mw`?\n");
  CHECK(complaint(file, {{}, {"region_lode_mw"}}) ==
        "error: two.h5 has no hourly variable `region_lode_mw`\n       did you mean `region_load_mw`?\n");
  CHECK_THAT(complaint(file, {{"region"}, {"pue"}}),
             StartsWith("error: two.h5 has no hourly variable `pue` by region\n       one of: region_load_mw, "));
  const ResultsFile jobs("jobs.h5", image_of(tiny_jobs_scenario()));
  CHECK(names(jobs, {{"service"}, {}}).size() == 11);  // of no service: columns without entities
}

TEST_CASE("tidy: a row for each hour, entity and variable", "[export]") {
  const auto csv = text_of(tidy_csv, two_sites_file(), {{"site"}, {"load_mw", "pue"}});
  CHECK(std::ranges::count(csv, '\n') == 1 + 2 * 12 * 2);
  CHECK(line(csv, 1) == "time,dimension,entity,variable,unit,value");
  CHECK_THAT(line(csv, 2), StartsWith("2024-07-15T00:00:00Z,site,a,site_load_mw,MW,0."));
  CHECK_THAT(line(csv, 3), StartsWith("2024-07-15T00:00:00Z,site,b,site_load_mw,MW,0."));
  CHECK_THAT(line(csv, 26), StartsWith("2024-07-15T00:00:00Z,site,a,site_pue,1,1."));
}

TEST_CASE("wide: a row an hour, a column for each variable and entity, the same values", "[export]") {
  const auto file = two_sites_file();
  const auto csv = text_of(wide_csv, file, {{"site", "fleet"}, {"load_mw"}});
  CHECK(line(csv, 1) == "time,fleet_load_mw/fleet,site_load_mw/a,site_load_mw/b");
  CHECK(std::ranges::count(csv, '\n') == 13);
  const auto& values = file.values(*file.find_hourly("site_load_mw"));
  const auto& fleet = file.values(*file.find_hourly("fleet_load_mw"));
  CHECK(line(csv, 13) == fmt::format("2024-07-15T11:00:00Z,{},{},{}", fleet[11], values[22], values[23]));
}

TEST_CASE("on the screen: totals, each dimension with its entities", "[export]") {
  const auto text = totals_table(two_sites_file({"scenario.seed=5"}));
  CHECK_THAT(text, StartsWith("Tiny · 2024-07-15 00:00 UTC, 12 h, seed 5\nprogram     fleetwatt "));
  CHECK_THAT(text, Contains("\noverrides   scenario.seed=5\n"));
  CHECK_THAT(text, Contains("\nflags       "));
  CHECK_THAT(text, Contains("\nregion                       unit"));
  CHECK_THAT(text, Contains("CISO"));
  CHECK_THAT(text, Contains("\nbounded_slowdown_mean   1"));
}

TEST_CASE("on the screen: the hours of one variable", "[export]") {
  const auto file = two_sites_file();
  const auto text = hourly_table(file, {.by = "region", .variable = ""});
  CHECK_THAT(text, StartsWith("Tiny · region_load_mw (MW): load of the region's sites\n\ntime UTC "));
  CHECK(std::ranges::count(text, '\n') == 2 + 1 + 12);
  CHECK_THAT(line(text, 3), Contains("CISO") && Contains("ERCO"));
  CHECK_THAT(line(text, 15), StartsWith("2024-07-15 11:00   "));
  CHECK(hourly_table(file, {.by = "region", .variable = "load_mw"}) == text);
  CHECK(hourly_table(file, {.by = "", .variable = "region_load_mw"}) == text);
  CHECK_THAT(hourly_table(file, {.by = "", .variable = "load_mw"}), StartsWith("Tiny · fleet_load_mw"));
  CHECK_THAT(hourly_table(file, {.by = "cluster", .variable = ""}), StartsWith("Tiny · cluster_energy_mwh"));
  CHECK(complaint_of([&] { static_cast<void>(hourly_table(file, {.by = "", .variable = "water_m3"})); }) ==
        "error: two.h5 has `water_m3` by several dimensions\n       choose with --by, one of: site, region\n");
}
