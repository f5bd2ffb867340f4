#include "analysis/results/writer.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "analysis/results/accounting.hpp"
#include "analysis/results/energy_basis.hpp"
#include "analysis/results/hdf5_file.hpp"
#include "analysis/results/quantities.hpp"
#include "analysis/results/variables.hpp"
#include "analysis/results/version.hpp"
#include "scenarios/loader/figure_sources.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::int64_t hour_s = 3600;

void describe(Hdf5Image& file, const std::string& variable, std::string_view unit, std::string_view long_name) {
  file.add_attribute(variable, "units", std::string(unit));
  file.add_attribute(variable, "long_name", std::string(long_name));
}

void add_entities(Hdf5Image& file, const RunOutput& run) {
  const models::Fleet& fleet = run.fleet();
  for (const auto* dimension : {"site", "region", "service", "cluster"})
    file.add_dimension(dimension, entities(run, dimension));
  std::vector<std::string> regions, sites, servers;
  for (std::size_t site = 0; site < fleet.sites.size(); ++site) regions.push_back(regions_text(fleet, site));
  for (const auto& cluster : fleet.clusters) {
    sites.push_back(fleet.sites[cluster.site.index()].name);
    servers.push_back(cluster.server.id);
  }
  file.add_variable("site_region", {"site"}, regions);
  file.add_attribute("site_region", "long_name", std::string("grid region of the site"));
  file.add_variable("cluster_site", {"cluster"}, sites);
  file.add_attribute("cluster_site", "long_name", std::string("site of the cluster"));
  file.add_variable("cluster_server", {"cluster"}, servers);
  file.add_attribute("cluster_server", "long_name", std::string("kind of server, a catalogue entry"));
}

void add_hourly(Hdf5Image& file, const RunOutput& run) {
  std::vector<double> fleet_mw;
  for (const double load_w : run.result.load_w) fleet_mw.push_back(load_w * 1e-6);
  const auto add = [&](const std::string& name, const Dimensions& dimensions, std::span<const double> values) {
    const Variable* variable = find_variable(name);
    if (variable == nullptr) throw std::logic_error(fmt::format("series {} is not registered", name));
    file.add_variable(name, dimensions, values);
    describe(file, name, variable->unit, variable->long_name);
    file.add_attribute(name, "cell_methods", std::string(variable->cell_methods));
  };
  add("fleet_load_mw", {"time"}, fleet_mw);
  for (const auto* dimension :
       {&run.result.site_series, &run.result.region_series, &run.result.service_series, &run.result.cluster_series}) {
    for (const auto& series : dimension->series) add(series.name(), {"time", dimension->name}, series.values());
  }
}

void add_totals(Hdf5Image& file, const RunOutput& run) {
  for (const auto& quantity : quantities()) {
    const std::size_t count = entities(run, quantity.dimension).size();
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(quantity.value(run, i));
    const std::string name(quantity.variable);
    file.add_variable(name, quantity.dimension == "total" ? Dimensions{} : Dimensions{std::string(quantity.dimension)},
                      std::span<const double>(values));
    describe(file, name, quantity.unit, quantity.meaning);
  }
}

/// Where each figure in force comes from, a row each.
void add_sources(Hdf5Image& file, const RunOutput& run) {
  std::vector<std::string> entries, bases, texts;
  for (auto& source : scenarios::figure_sources(run.loaded, run.built)) {
    entries.push_back(std::move(source.entry));
    bases.push_back(std::move(source.basis));
    texts.push_back(std::move(source.text));
  }
  file.add_dimension("source", entries.size());
  const auto add = [&](const char* name, const std::vector<std::string>& values, const char* long_name) {
    file.add_variable(name, {"source"}, values);
    file.add_attribute(name, "long_name", std::string(long_name));
  };
  add("source_entry", entries, "catalogue entry, figure, key or file");
  add("source_basis", bases, "measured, calibrated, modelled or assumed; file, given (in the scenario) or default");
  add("source_text", texts, "where the figures of the entry come from");
}

std::string all_text(const scenarios::LoadedScenario& loaded) {
  std::string text;
  for (const auto& source : loaded.sources) text += source.text;
  return text;
}

/// Several texts in one attribute, a line each.
std::string lines(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, "\n"));
}

void add_attributes(Hdf5Image& file, const RunOutput& run) {
  file.add_attribute("", "Conventions", std::string("CF-1.10"));
  file.add_attribute("", "format", std::string(file_format));
  file.add_attribute("", "title", run.header().title);
  file.add_attribute("", "source", fmt::format("fleetwatt {}", version()));
  file.add_attribute("", "seed", run.header().seed);
  file.add_attribute("", "scenario", all_text(run.loaded));
  file.add_attribute("", "overrides", lines(run.loaded.overrides));
  std::vector<std::string> inputs;
  for (const auto& input : run.built.inputs)
    inputs.push_back(fmt::format("{} {:016x}", input.written, input.content_hash));
  file.add_attribute("", "inputs", lines(inputs));
  std::vector<std::string> flags;
  for (const auto& flag : run.result.flags) flags.push_back(fmt::format("{}: {}", flag.subject, flag.text));
  file.add_attribute("", "flags", lines(flags));
  file.add_attribute("", "notes", lines(run.built.notes));
  file.add_attribute(
      "", "audits",
      run.result.breach ? models::to_text(*run.result.breach, run.fleet().start) : std::string("all laws hold"));
  file.add_attribute("", "accounting", accounting_text(run));
  const auto shares = energy_by_basis_j(run);
  const double total_j = shares[0] + shares[1] + shares[2] + shares[3];
  std::vector<std::string> basis;
  for (std::size_t i = 0; i < shares.size(); ++i)
    basis.push_back(fmt::format("{} {:.4f}", sim::basis_names[i], total_j > 0 ? shares[i] / total_j : 0.0));
  file.add_attribute("", "energy_basis", lines(basis));
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  sim::Diagnostic diagnostic;
  diagnostic.place.file = path;
  diagnostic.message = what;
  diagnostic.mend = "choose another place with -o, or replace it with --force";
  throw sim::InputError(std::move(diagnostic));
}

struct FormatWords {
  const char* kind;   ///< of file
  const char* other;  ///< another one of the kind
};
FormatWords words_of(const std::string& format) {
  if (format == differences_format) return {"differences", "another comparison"};
  if (format == sweep_format) return {"sweep", "a sweep of another scenario"};
  return {"results", "a run of another scenario"};
}

}  // namespace

void add_time(Hdf5Image& file, sim::UtcSeconds start, std::int64_t hours) {
  std::vector<std::int64_t> starts;
  std::vector<std::int64_t> bounds;
  for (std::int64_t hour = 0; hour < hours; ++hour) {
    starts.push_back(hour * hour_s);
    bounds.push_back(hour * hour_s);
    bounds.push_back((hour + 1) * hour_s);
  }
  const sim::CivilTime t = sim::civil_from_utc(start);
  const std::string unit = fmt::format("seconds since {:04}-{:02}-{:02} {:02}:00:00", t.year, t.month, t.day, t.hour);
  file.add_dimension("time", starts);
  file.add_dimension("bnds", std::size_t{2});
  file.add_attribute("time", "units", unit);
  file.add_attribute("time", "calendar", std::string("proleptic_gregorian"));
  file.add_attribute("time", "standard_name", std::string("time"));
  file.add_attribute("time", "long_name", std::string("start of the hour, UTC"));
  file.add_attribute("time", "bounds", std::string("time_bnds"));
  file.add_variable("time_bnds", {"time", "bnds"}, std::span<const std::int64_t>(bounds));
}

std::vector<std::byte> results_image(const RunOutput& run) {
  Hdf5Image file;
  add_time(file, run.fleet().start, run.result.hours);
  add_entities(file, run);
  add_hourly(file, run);
  add_totals(file, run);
  add_sources(file, run);
  add_attributes(file, run);
  return file.bytes();
}

void check_target(const std::string& path, const std::string& title, Overwrite overwrite, const std::string& format) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) refuse(path, "is a folder");
  const auto folder = std::filesystem::absolute(path).parent_path();
  if (!std::filesystem::is_directory(folder, error))
    throw sim::IoError(fmt::format("{}: there is no folder {}", path, folder.string()));
  if (overwrite == Overwrite::anything || !std::filesystem::exists(path, error)) return;
  std::optional<std::string> present_title;
  try {
    const Hdf5Reader reader(path);
    if (reader.text_attribute("", "format") == format) present_title = reader.text_attribute("", "title");
  } catch (const sim::IoError&) {
    present_title.reset();
  }
  const auto [kind, other] = words_of(format);
  if (!present_title) refuse(path, fmt::format("exists and is not a {} file of fleetwatt", kind));
  if (*present_title != title) refuse(path, fmt::format("holds {}, \"{}\"", other, *present_title));
}

}  // namespace fleetwatt::analysis
