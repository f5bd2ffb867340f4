// Must not compile: see tests/CMakeLists.txt.
#include "models/hardware/accelerator.hpp"
