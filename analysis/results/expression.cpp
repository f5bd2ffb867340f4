#include "analysis/results/expression.hpp"

#include <muParser.h>

#include <map>

namespace fleetwatt::analysis {

namespace {

using Values = std::map<std::string, double>;

/// The parser keeps addresses of variables; a map's values stay where they are.
double* variable(const char* name, void* values) {
  return &(*static_cast<Values*>(values))[name];
}

/// The parser would also compare, choose and assign, which reads like a claim and is none.
void refuse_logic(const std::string& expression) {
  const std::size_t at = expression.find_first_of("=<>!?:&|");
  if (at != std::string::npos) throw ExpressionFault("`" + expression.substr(at, 1) + "` is no arithmetic");
}

mu::Parser parser_of(const std::string& expression, Values& values) {
  mu::Parser parser;
  parser.DefineNameChars("0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-@");
  parser.SetVarFactory(variable, &values);
  parser.SetExpr(expression);
  return parser;
}

}  // namespace

std::vector<std::string> names_in(const std::string& expression) {
  refuse_logic(expression);
  Values values;
  try {
    auto parser = parser_of(expression, values);
    std::vector<std::string> names;
    for (const auto& [name, address] : parser.GetUsedVar()) names.push_back(name);
    static_cast<void>(parser.Eval());  // GetUsedVar does not see a wrong operator
    if (parser.GetNumResults() != 1) throw ExpressionFault("it has several values, with commas between");
    return names;
  } catch (const mu::Parser::exception_type& error) {
    throw ExpressionFault(error.GetMsg());
  }
}

double evaluate(const std::string& expression, const std::function<double(const std::string&)>& value_of) {
  Values values;
  for (const auto& name : names_in(expression)) values[name] = value_of(name);
  try {
    return parser_of(expression, values).Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw ExpressionFault(error.GetMsg());
  }
}

}  // namespace fleetwatt::analysis
