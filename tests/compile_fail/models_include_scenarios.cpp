// Must not compile: see tests/CMakeLists.txt.
#include "scenarios/schema/scenario.hpp"
