// An instance: a module and the store addresses of everything in its index spaces.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "machine/machine.h"
#include "valid/valid_module.h"

namespace slabhound::exec {

class CodeCache;

struct Instance {
  valid::ValidModule module;
  std::vector<machine::FuncAddr> functions;
  std::vector<machine::TableAddr> tables;
  std::vector<machine::MemoryAddr> memories;
  std::vector<machine::GlobalAddr> globals;
  std::vector<machine::TagAddr> tags;
  uint32_t first_elem = 0;  // of the store's element segments
  uint32_t first_data = 0;  // of the store's data segments
  struct Export {
    std::string_view name;  // the module's
    machine::Extern what;
  };
  std::vector<Export> exports;      // by name
  CodeCache* code_cache = nullptr;  // if one serves this instance

  const machine::Extern* FindExport(std::string_view name) const {
    const auto found = std::ranges::lower_bound(exports, name, {}, &Export::name);
    return found == exports.end() || found->name != name ? nullptr : &found->what;
  }
};

// Whether the collector follows references of this type (of the instance's module, or canonical
// without one).
inline bool IsTraced(const wasm::TypeStore& types, wasm::ValType canonical) {
  return canonical.is_ref() && types.Top(canonical.heap()) != wasm::AbstractHeap::Func;
}

}  // namespace slabhound::exec
