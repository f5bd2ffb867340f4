# Warnings are errors, in our own code only: libraries come in as system headers. (With sanitizers GCC 12 sees uninitialised members in
# std::function and std::regex that are not: those presets leave that one warning out.)
add_library(fleetwatt_warnings INTERFACE)
target_compile_options(fleetwatt_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Werror)
