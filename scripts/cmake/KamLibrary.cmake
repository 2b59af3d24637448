# kam_library(NAME DIR [RECURSE] [LINK target...] [PCH header...])
# A library of every .cc file in DIR. A folder without sources yet becomes an
# INTERFACE library, so that a layer may be linked before it has code.
function(kam_library NAME DIR)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${DIR}/*.cc)
  list(APPEND sources ${ARG_SOURCES})
  if(NOT sources)
    add_library(${NAME} INTERFACE)
    target_include_directories(${NAME} INTERFACE ${CMAKE_SOURCE_DIR}/server)
    target_link_libraries(${NAME} INTERFACE ${ARG_LINK})
    return()
  endif()
  add_library(${NAME} STATIC ${sources})
  target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/server)
  target_link_libraries(${NAME} PUBLIC ${ARG_LINK} PRIVATE kam_warnings)
  kam_precompile(${NAME} ${ARG_PCH})
endfunction()

# kam_precompile(NAME header...): headers as #include would name them.
function(kam_precompile NAME)
  if(KAM_PCH AND ARGN)
    list(TRANSFORM ARGN REPLACE "^(.+)$" "<\\1>" OUTPUT_VARIABLE headers)
    target_precompile_headers(${NAME} PRIVATE ${headers})
    # ccache hashes the included files instead of the .gch only with this flag.
    target_compile_options(${NAME} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# kam_test(NAME DIR [LINK target...] [PCH header...])
# One GoogleTest binary of every .cc file in DIR; none while DIR has no sources.
function(kam_test NAME DIR)
  cmake_parse_arguments(ARG "" "" "LINK;PCH" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${DIR}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(${NAME} ${sources})
  target_include_directories(${NAME} PRIVATE ${CMAKE_SOURCE_DIR}/server ${CMAKE_SOURCE_DIR}/tests
                                             ${CMAKE_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main kam_warnings)
  kam_precompile(${NAME} ${ARG_PCH})
  add_test(NAME ${NAME} COMMAND ${NAME})
endfunction()
