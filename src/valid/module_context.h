// What the rules of one module's parts may look up: the specification's context C without locals,
// labels and return.
//
// 1. Every type here is canonical.
// 2. `visible_globals` grows while globals are validated: a constant expression sees only those
//    before it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "valid/valid_module.h"
#include "wasm/names.h"

namespace slabhound::valid {

struct ModuleContext {
  const wasm::Module& module;
  ValidModule& valid;
  std::vector<wasm::ValType> elems;  // element type of each element segment
  std::vector<uint8_t> declared;     // per function: ref.func may name it in a body (C.refs)
  uint32_t visible_globals = 0;

  const wasm::TypeStore& types() const { return *valid.types; }
  // The composite type behind a module type index. Requires: in range.
  const wasm::CompositeType& Composite(wasm::TypeIdx index) const {
    return types()[valid.type_ids[index]].composite;
  }
  const wasm::FuncType* Func(wasm::TypeId id) const {
    return std::get_if<wasm::FuncType>(&types()[id].composite);
  }
  bool HasType(wasm::TypeIdx index) const { return index < valid.type_ids.size(); }
  bool HasType(wasm::HeapType type) const { return !type.is_index() || HasType(type.index()); }
  bool HasType(wasm::ValType type) const { return !type.is_ref() || HasType(type.heap()); }

  // For messages: indices with their names, canonical types by the module's first equal one.
  std::string IndexText(wasm::IndexSpace space, uint32_t index) const;
  std::string TypeText(wasm::ValType type) const;
};

inline std::unexpected<wasm::Error> Invalid(wasm::ErrorCode code, uint32_t offset,
                                            std::string detail = {}) {
  return Fail(wasm::Error{code, offset, std::move(detail)});
}

}  // namespace slabhound::valid
