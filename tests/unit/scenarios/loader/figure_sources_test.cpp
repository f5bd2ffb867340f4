#include "scenarios/loader/figure_sources.hpp"

#include <catch2/catch.hpp>

#include "sim/random_stream.hpp"
#include "tests/examples/scenario_files.hpp"

using namespace fleetwatt;
using namespace fleetwatt::scenarios;
using namespace fleetwatt::tests;
using Catch::StartsWith;

namespace {

class Sources {
 public:
  explicit Sources(const std::string& text, const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    folder.write("sizes.csv",
                 "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:00:00.0,10,20\n2023-11-16 18:00:09.0,30,40\n");
    auto loaded = load_scenario(folder.write("s.toml", text), overrides);
    const auto built = build_fleet(loaded);
    rows_ = figure_sources(loaded, built);
  }

  /// "basis: text" of the one row; "nothing", or "twice".
  [[nodiscard]] std::string at(const std::string& entry) const {
    std::vector<std::string> found;
    for (const auto& row : rows_) {
      if (row.entry == entry) found.push_back(fmt::format("{}: {}", row.basis, row.text));
    }
    if (found.empty()) return "nothing";
    return found.size() == 1 ? found.front() : "twice";
  }

 private:
  std::vector<FigureOrigin> rows_;
};

/// The tiny scenario on a server of its own, of which `more` says more.
std::string with_own_server(const std::string& more) {
  return tiny_with("nodes = 1\n", "nodes = 1\nserver = \"mine\"\n") +
         "[catalog.server.mine]\nextends = \"dgx-h100\"\n" + more;
}

template <class Entries>
void check_sources(const char* kind, const Entries& entries) {
  CHECK_FALSE(entries.empty());
  for (const auto& [name, entry] : entries) {
    INFO(kind << " " << name);
    CHECK_FALSE(entry.source.empty());
    for (const auto& [figure, source] : entry.figures) {
      INFO(figure);
      CHECK_FALSE(source.source.empty());
    }
  }
}

}  // namespace

TEST_CASE("every entry of the built-in catalogue has its source", "[loader]") {
  const Catalog catalog = built_in_catalog();
  check_sources("accelerator", catalog.accelerator);
  check_sources("server", catalog.server);
  check_sources("model", catalog.model);
  check_sources("engine", catalog.engine);
  check_sources("diffusion_model", catalog.diffusion_model);
  check_sources("diffusion_engine", catalog.diffusion_engine);
  check_sources("region", catalog.region);
  check_sources("climate", catalog.climate);
}

TEST_CASE("figures in force have a source each: entries, files, what is given, defaults", "[loader]") {
  const std::string text = tiny_with("nodes = 1", "nodes = 2");
  const Sources sources(text, {"site.a.cooling.supply_air_c=25"});
  CHECK_THAT(sources.at("catalog.accelerator.h100-sxm"), StartsWith("assumed: NVIDIA H100 data sheet"));
  CHECK_THAT(sources.at("catalog.accelerator.h100-sxm.tdp_w"), StartsWith("measured: rating"));
  CHECK_THAT(sources.at("catalog.model.\"llama-3.1-8b\""), StartsWith("measured: config.json"));
  CHECK_THAT(sources.at("catalog.climate.san-jose"), StartsWith("measured: TMY3"));
  CHECK(sources.at("catalog.model.\"llama-3.1-70b\"") == "nothing");
  CHECK(sources.at("s.toml") == fmt::format("file: scenario file, content {:016x}", sim::hash_of(text)));
  CHECK(sources.at("site.a.cluster.serving.nodes") == "given: scenario file, s.toml:10");
  CHECK(sources.at("site.a.cooling.supply_air_c") == "given: --set site.a.cooling.supply_air_c=25");
  CHECK(sources.at("site.*.cooling.supply_air_c") == "nothing");
  CHECK(sources.at("site.*.cooling.air_delta_k") == "default: Lei and Masanet (2020, 2022): component ranges");
  CHECK(sources.at("site.*.cooling.latent_fraction") == "default: no source given");
  CHECK(sources.at("service.*.demand.lengths.prompt.lognormal.median") == "default: no source given");
}

TEST_CASE("a default that sites and services share is told once", "[loader]") {
  const Sources sources(tiny_with("[service.chat]\n", "[site.b]\nregion = \"PJM\"\ncluster.x = {}\n[service.chat]\n"));
  CHECK(sources.at("site.*.cooling.air_delta_k") == "default: Lei and Masanet (2020, 2022): component ranges");
}

TEST_CASE("an entry of the scenario's own has the source of its base until it brings another", "[loader]") {
  const Sources inherited(with_own_server("host_idle_kw = 1.5\n"));
  CHECK_THAT(inherited.at("catalog.server.mine"), Catch::EndsWith(" (of dgx-h100, which it extends)"));
  CHECK_THAT(inherited.at("catalog.server.mine.host_idle_kw"), StartsWith("given: scenario file, s.toml:"));
  const Sources own(with_own_server("source = \"rack meter\"\nbasis = \"measured\"\n"));
  CHECK(own.at("catalog.server.mine") == "measured: rack meter");
}

TEST_CASE("a file that was read is there with its content, and defaults that it replaces are not", "[loader]") {
  const Sources sources(tiny_with("mean_requests_per_s = 0.2", "requests = { trace = \"sizes.csv\", repeat = true }"));
  CHECK_THAT(sources.at("sizes.csv"), StartsWith("file: input file, content "));
  CHECK(sources.at("service.*.demand.lengths.prompt.lognormal.median") == "nothing");
  const Sources fixed(
      tiny_with("mean_requests_per_s = 0.2", "mean_requests_per_s = 0.2\nlengths = { prompt = { fixed = 9 } }"));
  CHECK(fixed.at("service.*.demand.lengths.prompt.lognormal.median") == "nothing");
  CHECK(fixed.at("service.*.demand.lengths.output.lognormal.median") == "default: no source given");
}
