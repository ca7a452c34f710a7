// Imports that have a real meaning, as functions of Wasm: the texts of library/, chosen by
// provide.def. They import "case" "memory", the memory that the module exports, and "log" NAME, a
// function that logs its call under that name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "provide/assembly.h"

namespace slabhound::provide {

// The group of types that strings and host objects have in every text: rule 4 of answers.h.
struct HostTypes {
  wasm::TypeIdx string = 0, object = 0;
};
HostTypes AddHostTypes(Assembly& assembly);

// A constant expression: the externref of a string of these units, two bytes each, little-endian.
// Engines bound the length of such an array.
inline constexpr size_t kConstantUnitsMax = 9'000;
wasm::Code StringConstant(std::string_view units, const HostTypes& types);

// Whether a library has functions of this module.
bool HasLibrary(std::string_view module);

// Gives the imports that libraries have. The library's name for each import so given, by the
// number among imported functions.
std::map<uint32_t, std::string_view> GiveFromLibraries(Assembly& assembly);

// The function of library/replay.wat that tells whether an anyref is a string (a second argument).
uint32_t AddSame(Assembly& assembly);

}  // namespace slabhound::provide
