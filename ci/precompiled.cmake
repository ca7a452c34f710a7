# precompiled(NAME source…): these sources of a room start from ci/NAME.h, which is parsed once per build folder.
# A precompiled header is the object of a library of one header. It is made without ccache and has no definitions of a
# preset: the same flags then give the same bytes in every build folder, and presets share ccache's objects. Only with
# clang: g++ gains a tenth, and finds the file that does not include what it uses.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  foreach(name headers test_headers)
    set(header ${CMAKE_SOURCE_DIR}/ci/${name}.h)
    set_source_files_properties(${header} PROPERTIES LANGUAGE CXX
      COMPILE_OPTIONS "-xc++-header;-fpch-instantiate-templates;-Xclang;-fno-pch-timestamp")
    add_library(slabhound_${name} OBJECT ${header})
    target_link_libraries(slabhound_${name} PRIVATE slabhound_flags fmt::fmt)
    set_target_properties(slabhound_${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  endforeach()
  target_link_libraries(slabhound_test_headers PRIVATE GTest::gmock)
endif()

function(precompiled name)
  if(TARGET slabhound_${name})
    set(object ${CMAKE_BINARY_DIR}/CMakeFiles/slabhound_${name}.dir/ci/${name}.h.o)
    set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS "-include-pch;${object}")
    set_property(SOURCE ${ARGN} APPEND PROPERTY OBJECT_DEPENDS ${object})
  endif()
endfunction()
