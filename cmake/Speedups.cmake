# Compiler cache and fast linker, where the machine has them: they change how long a build takes, never what it makes.
find_program(FLEETWATT_CCACHE ccache)
if(FLEETWATT_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros ${FLEETWATT_CCACHE})
endif()
find_program(FLEETWATT_MOLD mold)
if(FLEETWATT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
