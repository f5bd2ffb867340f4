#include "analysis/compare/differences_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "analysis/results/variables.hpp"
#include "analysis/results/version.hpp"
#include "analysis/results/writer.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::array dimension_names = {"site", "region", "service", "cluster"};

struct LabelVariable {
  const char* name;
  const char* dimension;
  const char* long_name;
};
constexpr std::array label_variables = {
    LabelVariable{"site_region", "site", "grid region of the site"},
    LabelVariable{"cluster_site", "cluster", "site of the cluster"},
    LabelVariable{"cluster_server", "cluster", "kind of server, a catalogue entry"}};

/// An entity that both files have, by its index in each.
struct Shared {
  std::string label;
  std::size_t in_a = 0;
  std::size_t in_b = 0;
};

std::vector<Shared> shared_labels(const ResultsFile& a, const ResultsFile& b, std::string_view dimension) {
  const auto& labels_a = a.labels(dimension);
  const auto& labels_b = b.labels(dimension);
  std::vector<Shared> shared;
  for (std::size_t i = 0; i < labels_a.size(); ++i) {
    const auto found = std::ranges::find(labels_b, labels_a[i]);
    if (found != labels_b.end()) shared.push_back({labels_a[i], i, static_cast<std::size_t>(found - labels_b.begin())});
  }
  return shared;
}

class Writer {
 public:
  Writer(const ResultsFile& a, const ResultsFile& b) : a_(a), b_(b) {
    for (const auto* dimension : dimension_names) shared_[dimension] = shared_labels(a, b, dimension);
    shared_["fleet"] = {{"fleet", 0, 0}};
  }

  std::vector<std::byte> image(const std::vector<Change>& changes) {
    add_time(file_, a_.start(), static_cast<std::int64_t>(a_.hours().size()));
    for (const auto* dimension : dimension_names) {
      std::vector<std::string> labels;
      for (const auto& one : shared_.at(dimension)) labels.push_back(one.label);
      file_.add_dimension(dimension, labels);
    }
    for (const auto& labels : label_variables) add_labels(labels);
    for (const auto& variable : a_.hourly()) {
      const StoredVariable* other = b_.find_hourly(variable.name);
      if (other != nullptr && other->dimension == variable.dimension) add_difference(variable, *other);
    }
    add_attributes(changes);
    return file_.bytes();
  }

 private:
  /// Of what names the same in both.
  void add_labels(const LabelVariable& variable) {
    const auto texts_a = a_.texts(variable.name);
    const auto texts_b = b_.texts(variable.name);
    std::vector<std::string> texts;
    for (const auto& one : shared_.at(variable.dimension))
      texts.push_back(texts_a[one.in_a] == texts_b[one.in_b] ? texts_a[one.in_a] : "");
    file_.add_variable(variable.name, {variable.dimension}, texts);
    file_.add_attribute(variable.name, "long_name", fmt::format("{}; empty where the runs differ", variable.long_name));
  }

  void add_difference(const StoredVariable& a, const StoredVariable& b) {
    const auto& shared = shared_.at(a.dimension);
    const auto& values_a = a_.values(a);
    const auto& values_b = b_.values(b);
    const std::size_t width_a = a_.labels(a.dimension).size();
    const std::size_t width_b = b_.labels(b.dimension).size();
    std::vector<double> differences;
    for (std::size_t hour = 0; hour < a_.hours().size(); ++hour) {
      for (const auto& one : shared)
        differences.push_back(values_b[hour * width_b + one.in_b] - values_a[hour * width_a + one.in_a]);
    }
    const Dimensions dimensions = a.dimension == "fleet" ? Dimensions{"time"} : Dimensions{"time", a.dimension};
    file_.add_variable(a.name, dimensions, std::span<const double>(differences));
    file_.add_attribute(a.name, "units", a.unit == "degC" ? std::string("K") : a.unit);
    file_.add_attribute(a.name, "long_name", "B - A: " + a.long_name);
    if (const Variable* registered = find_variable(a.name))
      file_.add_attribute(a.name, "cell_methods", std::string(registered->cell_methods));
  }

  void add_attributes(const std::vector<Change>& changes) {
    file_.add_attribute("", "Conventions", std::string("CF-1.10"));
    file_.add_attribute("", "format", std::string(differences_format));
    file_.add_attribute("", "title", differences_title(a_.text("title"), b_.text("title")));
    file_.add_attribute("", "source", fmt::format("fleetwatt {}", version()));
    for (const auto& [prefix, run] : {std::pair("a_", &a_), std::pair("b_", &b_)}) {
      for (const auto* name : {"title", "source", "overrides", "inputs", "flags"})
        file_.add_attribute("", std::string(prefix) + name, run->text(name));
      file_.add_attribute("", std::string(prefix) + "seed", run->seed());
    }
    std::vector<std::string> lines;
    for (const auto& change : changes)
      lines.push_back(fmt::format("{}: {} -> {}", change.path, change.before, change.after));
    file_.add_attribute("", "changes", fmt::format("{}", fmt::join(lines, "\n")));
  }

  const ResultsFile& a_;
  const ResultsFile& b_;
  std::map<std::string, std::vector<Shared>, std::less<>> shared_;
  Hdf5Image file_;
};

}  // namespace

std::string differences_title(const std::string& title_a, const std::string& title_b) {
  return title_a == title_b ? title_a + ": B - A" : fmt::format("{} - {}", title_b, title_a);
}

std::vector<std::byte> differences_image(const ResultsFile& a, const ResultsFile& b,
                                         const std::vector<Change>& changes) {
  return Writer(a, b).image(changes);
}

}  // namespace fleetwatt::analysis
