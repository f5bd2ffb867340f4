# The catalogue travels inside the program: each scenarios/catalog/*.toml becomes a string constant, so that a built `fleetwatt`
# needs no files beside it. `output` is set to the C++ file that is written at build time.
function(fleetwatt_embed_catalog output)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/scenarios/catalog/*.toml)
  set(source ${CMAKE_BINARY_DIR}/generated/catalog_files.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/WriteCatalogSource.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/WriteCatalogSource.cmake
    VERBATIM)
  set(${output} ${source} PARENT_SCOPE)
endfunction()
