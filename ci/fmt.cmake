# fmt as `fmt::fmt`: Debian's library, or, where the environment gives the compiler's flags, headers alone, because the C++
# library that these choose (OSS-Fuzz: libc++) may be another than the one Debian's fmt was built with.
if(SLABHOUND_FUZZER STREQUAL "given")
  find_path(SLABHOUND_FMT fmt/format.h REQUIRED)
  add_library(fmt::fmt INTERFACE IMPORTED)
  target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY=1)
else()
  find_package(fmt REQUIRED)
endif()
