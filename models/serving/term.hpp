// A constant of an engine by name, so that schema, fit and catalogue text need one list of them.
#pragma once

#include <string_view>

namespace fleetwatt::models {

/// One term: its key in a catalogue entry, and whether its constant is a time (else a factor or watts).
template <class Terms>
struct Term {
  std::string_view key;
  double Terms::*member;
  bool is_time;
  std::string_view meaning;
};

}  // namespace fleetwatt::models
