// Function types found or added, for reducers that change signatures.
#pragma once

#include "wasm/module.h"

namespace slabhound::rewrite {

// The index of a final type without supertypes, alone in its group; added when there is none.
uint32_t FunctionTypeIndex(wasm::Module& module, const wasm::FuncType& type);

inline const wasm::FuncType& FunctionType(const wasm::Module& module, uint32_t definition) {
  return std::get<wasm::FuncType>(module.types[module.functions[definition].type].composite);
}

// How often code and segments name a function of the whole index space: by calls, by anything else.
struct Uses {
  uint32_t calls = 0, others = 0;
};
std::vector<Uses> FunctionUses(const wasm::Module& module);

}  // namespace slabhound::rewrite
