# cpp-httplib as Debian has it: compiled, so users define what it was compiled with.
find_package(Threads REQUIRED)
find_library(SLABHOUND_HTTPLIB cpp-httplib REQUIRED)
add_library(httplib INTERFACE)
target_link_libraries(httplib INTERFACE ${SLABHOUND_HTTPLIB} Threads::Threads)
target_compile_definitions(httplib INTERFACE
  CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
