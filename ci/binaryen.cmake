# Imports Binaryen's library and generator as `slabhound_binaryen`, built by scripts/binaryen.sh when it is not there.
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/binaryen.sh
  OUTPUT_VARIABLE SLABHOUND_BINARYEN_FOLDER OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(STRINGS ${CMAKE_SOURCE_DIR}/scripts/pins.txt pin REGEX "^binaryen ")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" SLABHOUND_BINARYEN_VERSION "${pin}")

find_package(Threads REQUIRED)
add_library(slabhound_binaryen INTERFACE)
target_include_directories(slabhound_binaryen SYSTEM INTERFACE ${SLABHOUND_BINARYEN_FOLDER}/include)
set(archives ${SLABHOUND_BINARYEN_FOLDER}/lib)
target_link_libraries(slabhound_binaryen INTERFACE
  ${archives}/libbinaryen_fuzzing.a ${archives}/libbinaryen.a Threads::Threads)
