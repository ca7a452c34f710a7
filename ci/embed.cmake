# embed(ROOM OUTPUT NAME|NAME_WE file…): files as OUTPUT, which the room includes: {"name", R"embedded(text)embedded"}, one a
# line. NAME: with what is behind the dot; NAME_WE: without.
function(embed room output key)
  set(content "")
  foreach(file ${ARGN})
    get_filename_component(name ${file} ${key})
    file(READ ${file} text)
    string(APPEND content "{\"${name}\", R\"embedded(${text})embedded\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  # What file(CONFIGURE) does, but that replaces @words@ of the texts.
  set(path ${CMAKE_CURRENT_BINARY_DIR}/${output})
  set(before "")
  if(EXISTS ${path})
    file(READ ${path} before)
  endif()
  if(NOT before STREQUAL content)
    file(WRITE ${path} "${content}")
  endif()
  target_include_directories(slabhound_${room} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

# The same of all modules in a folder, as text.
function(embed_wat room output folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.wat)
  embed(${room} ${output} NAME_WE ${files})
endfunction()
