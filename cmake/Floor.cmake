# fleetwatt_floor(models/serving  sim models/hardware): the library fleetwatt_models_serving, made of the folder's .cpp files
# (and of SOURCES, for generated ones). A folder of headers alone makes an interface library.
#
# Each floor has an include root of its own in the build tree that holds one link, to its own folder; a target passes its roots on
# to the floors above. So `#include "models/fleet/site.hpp"` from `sim` ends in "No such file or directory" (tests/compile_fail).
function(fleetwatt_floor path)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "" "SOURCES")
  string(REPLACE "/" "_" id fleetwatt/${path})
  cmake_path(GET path PARENT_PATH parent)
  set(root ${CMAKE_BINARY_DIR}/include/${id})
  file(MAKE_DIRECTORY ${root}/${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${path} ${root}/${path} SYMBOLIC)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${path}/*.cpp)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${path}/main.cpp)
  list(APPEND sources ${floor_SOURCES})
  set(visibility PUBLIC)
  if(sources)
    add_library(${id} STATIC ${sources})
    target_link_libraries(${id} PRIVATE fleetwatt_warnings)
  else()
    add_library(${id} INTERFACE)
    set(visibility INTERFACE)
  endif()
  target_include_directories(${id} ${visibility} ${root})
  foreach(below IN LISTS floor_UNPARSED_ARGUMENTS)
    string(REPLACE "/" "_" below_id fleetwatt/${below})
    target_link_libraries(${id} ${visibility} ${below_id})
  endforeach()
endfunction()
