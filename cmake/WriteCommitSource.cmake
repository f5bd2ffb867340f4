# Run in every build: writes OUTPUT, the commit of SOURCE_DIR, where it is not what stands there already. "+" marks a tree that differs
# from its commit.
set(commit "")
if(GIT AND EXISTS ${SOURCE_DIR}/.git)  # not one of a checkout around an unpacked archive
  execute_process(COMMAND ${GIT} -C ${SOURCE_DIR} describe --always --abbrev=7 --exclude=* --dirty=+
                  OUTPUT_VARIABLE described RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT failed AND described MATCHES "^[0-9a-f]+[+]?$")
    set(commit ${described})
  endif()
endif()
set(text "// Generated from the checkout: do not edit.\n#include \"analysis/results/version.hpp\"\n\nnamespace fleetwatt::analysis {\n\nstd::string_view commit() {\n  return \"${commit}\";\n}\n\n}  // namespace fleetwatt::analysis\n")
set(present "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} present)
endif()
if(NOT present STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
