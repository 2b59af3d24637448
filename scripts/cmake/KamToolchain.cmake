# Language level, warnings, compiler cache and linker, for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()
# -g1 keeps line numbers in stack traces at a tenth of the build time. Asserts stay on: no NDEBUG, as in
# the Debian libraries whose headers we inline.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g")

# Warnings for our code; generated code links kam_generated_options instead.
add_library(kam_warnings INTERFACE)
# gcc, unlike clang, takes the members that a designated initializer leaves out for forgotten ones.
target_compile_options(kam_warnings INTERFACE -Wall -Wextra -Werror -Wno-missing-field-initializers)
add_library(kam_generated_options INTERFACE)
target_compile_options(kam_generated_options INTERFACE -w)

set(KAM_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined")
if(KAM_SANITIZE)
  add_compile_options(-fsanitize=${KAM_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${KAM_SANITIZE})
endif()

find_program(KAM_MOLD mold)
if(KAM_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Relative paths in the cache key let clones and worktrees share one ccache.
find_program(KAM_CCACHE ccache)
if(KAM_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${KAM_CCACHE})
endif()
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
