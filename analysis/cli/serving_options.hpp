// What commands about one served model read off the command line alike: names of the catalogue, whole numbers, a
// precision. All that is wrong is gathered and reported at once.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "scenarios/loader/catalog_lookup.hpp"
#include "scenarios/loader/missing_figures.hpp"
#include "scenarios/schema/scenario.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

class ServingOptions {
 public:
  void fault(std::string message, std::string mend);
  /// Throws InputError with all faults so far.
  void require_none() const;

  /// "did you mean `a`? one of: a, b"
  [[nodiscard]] static std::string one_of(const std::string& name, const std::vector<std::string>& names);

  struct Range {
    int least = 1;
    int most = 1;
  };
  /// Nothing for an option that was not given.
  std::optional<int> whole_number(const char* option, const std::string& text, Range range);

  /// Where none is named, that in which the model is published; BF16 where there is no such precision, which is a
  /// fault.
  models::WeightPrecision precision(const std::string& name, const std::map<std::string, scenarios::ModelEntry>& models,
                                    const std::string& model);

  /// In the catalogue, with all figures that are needed.
  template <class Entry>
  bool known(const char* kind, const std::map<std::string, Entry>& entries, const std::string& name) {
    const auto found = entries.find(name);
    if (found == entries.end()) {
      fault(fmt::format("no {} `{}`", kind, name), one_of(name, scenarios::names_of(entries)));
      return false;
    }
    if constexpr (!std::is_same_v<Entry, scenarios::EngineEntry>) {
      const auto missing = scenarios::missing_figures(found->second);
      if (!missing.empty()) {
        fault(fmt::format("the {} `{}` has no {}", kind, name, fmt::join(missing, ", ")),
              "write them, or let it extend an entry that has them: extends = \"NAME\"");
        return false;
      }
    }
    return true;
  }

 private:
  std::vector<sim::Diagnostic> faults_;
};

}  // namespace fleetwatt::analysis
