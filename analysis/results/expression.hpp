// Arithmetic over a run's quantities: `service.a.facility_j_per_request / service.b.facility_j_per_request`. Numbers,
// + - * / ^ ( ), min and max. A name may hold a minus sign, so a subtraction has blanks around it.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace fleetwatt::analysis {

/// What is wrong with the text of an expression.
class ExpressionFault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The quantities that it names, each once, in order of name. Throws ExpressionFault.
[[nodiscard]] std::vector<std::string> names_in(const std::string& expression);

/// Its value; `value_of` is asked for each name. Throws ExpressionFault.
[[nodiscard]] double evaluate(const std::string& expression, const std::function<double(const std::string&)>& value_of);

}  // namespace fleetwatt::analysis
