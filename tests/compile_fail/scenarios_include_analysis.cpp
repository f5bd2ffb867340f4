// Must not compile: see tests/CMakeLists.txt.
#include "analysis/run/run_scenario.hpp"
