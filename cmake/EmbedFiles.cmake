# Files travel inside the program, so that a built `fleetwatt` needs none beside it: each becomes a string constant.
# fleetwatt_embed(output FOLDER scenarios/catalog HEADER scenarios/catalog/catalog_files.hpp TYPE CatalogFile FUNCTION catalog_files):
# FOLDER's *.toml as what FUNCTION returns; `output` is set to the C++ file that is written at build time.
function(fleetwatt_embed output)
  cmake_parse_arguments(PARSE_ARGV 1 embed "" "FOLDER;HEADER;TYPE;FUNCTION" "")
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${embed_FOLDER}/*.toml)
  set(source ${CMAKE_BINARY_DIR}/generated/${embed_FUNCTION}.cpp)
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DFOLDER=${embed_FOLDER} -DHEADER=${embed_HEADER} -DTYPE=${embed_TYPE}
            -DFUNCTION=${embed_FUNCTION} "-DFILES=${files}" -P ${CMAKE_SOURCE_DIR}/cmake/WriteEmbeddedSource.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/WriteEmbeddedSource.cmake
    VERBATIM)
  set(${output} ${source} PARENT_SCOPE)
endfunction()
