// A comparison on the screen, and the same for a program.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "analysis/compare/compare_results.hpp"
#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

/// Which of the common quantities are listed.
enum class Listed { that_differ, all };

/// What stands above the figures: one line each, such as "built-in.toml · Two regions · ...".
struct Headlines {
  std::string a;
  std::string b;
};

[[nodiscard]] std::string comparison_text(const Comparison& comparison, const Headlines& heads, Listed listed,
                                          const Screen& screen = {});

/// `changes`, `batches`, `paired`, `quantities` by path (`a`, `b`, `difference`, `fraction`, `noise`, `below_noise`;
/// null where a figure is not defined or not known), `only_a`, `only_b`.
[[nodiscard]] nlohmann::ordered_json comparison_json(const Comparison& comparison, Listed listed);

}  // namespace fleetwatt::analysis
