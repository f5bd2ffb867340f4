// Must not compile: see tests/CMakeLists.txt.
#include "models/serving/replica.hpp"
