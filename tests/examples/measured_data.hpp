// The folder with the measured data, which a checkout alone does not have.
#pragma once

#include <cstdlib>
#include <iostream>

namespace fleetwatt::tests {

/// Null where FLEETWATT_DATA is not set or empty; then it prints what makes ctest report the test as skipped.
inline const char* measured_data() {
  const char* folder = std::getenv("FLEETWATT_DATA");
  if (folder != nullptr && *folder != '\0') return folder;
  std::cout << "[skip] FLEETWATT_DATA is not set\n";
  return nullptr;
}

}  // namespace fleetwatt::tests
