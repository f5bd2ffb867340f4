// Must not compile: see tests/CMakeLists.txt.
#include "models/fleet/fleet.hpp"
