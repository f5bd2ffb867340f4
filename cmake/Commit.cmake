# The commit that the program was built from, as a C++ file of one constant. It is looked up in every build and written only where
# it changed, so that nothing is compiled or linked again for nothing. Without git, or outside a checkout, the constant is empty.
function(fleetwatt_commit output)
  find_package(Git QUIET)
  set(source ${CMAKE_BINARY_DIR}/generated/commit.cpp)
  add_custom_target(fleetwatt_look_up_commit
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} "-DGIT=${GIT_EXECUTABLE}" -P ${CMAKE_SOURCE_DIR}/cmake/WriteCommitSource.cmake
    BYPRODUCTS ${source}
    COMMENT "Looking up the commit"
    VERBATIM)
  set(${output} ${source} PARENT_SCOPE)
endfunction()
