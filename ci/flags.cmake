# The one set of compiler flags: every target of ours links `slabhound_flags`.
add_library(slabhound_flags INTERFACE)
target_include_directories(slabhound_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
# A compiler that somebody else chooses may have warnings that we never saw.
if(NOT SLABHOUND_FUZZER STREQUAL "given")
  target_compile_options(slabhound_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror)
endif()
target_compile_options(slabhound_flags INTERFACE -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_link_options(slabhound_flags INTERFACE -fuse-ld=lld)
endif()
if(SLABHOUND_SANITIZE)
  target_compile_options(slabhound_flags INTERFACE
    -fsanitize=${SLABHOUND_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(slabhound_flags INTERFACE -fsanitize=${SLABHOUND_SANITIZE})
endif()
if(SLABHOUND_COVERAGE)
  target_compile_options(slabhound_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(slabhound_flags INTERFACE -fprofile-instr-generate)
endif()
if(SLABHOUND_FUZZER STREQUAL "libfuzzer")
  target_compile_options(slabhound_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(slabhound_flags INTERFACE -fsanitize=fuzzer-no-link)
elseif(SLABHOUND_FUZZER STREQUAL "afl++")
  target_compile_options(slabhound_flags INTERFACE -fsanitize-coverage=trace-pc-guard)
endif()
# A case is thousands of small blocks that are freed together: the C library's malloc is an eighth of a campaign's time.
# Sanitizers and fuzzers bring their own.
if(NOT SLABHOUND_SANITIZE AND NOT SLABHOUND_FUZZER)
  find_library(SLABHOUND_TCMALLOC tcmalloc_minimal REQUIRED)
  target_link_libraries(slabhound_flags INTERFACE ${SLABHOUND_TCMALLOC})
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_definitions(slabhound_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
# Debug information must not tie an object to its build folder, nor a checkout: presets share the cache.
find_program(SLABHOUND_CCACHE ccache)
if(SLABHOUND_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
    CCACHE_SLOPPINESS=pch_defines,time_macros ${SLABHOUND_CCACHE})
endif()
