// An instance: a module and the store addresses of everything in its index spaces.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "embed/machine.h"
#include "valid/valid_module.h"

namespace slabhound::exec {

struct Instance {
  valid::ValidModule module;
  std::vector<embed::FuncAddr> functions;
  std::vector<embed::TableAddr> tables;
  std::vector<embed::MemoryAddr> memories;
  std::vector<embed::GlobalAddr> globals;
  std::vector<embed::TagAddr> tags;
  uint32_t first_elem = 0;  // of the store's element segments
  uint32_t first_data = 0;  // of the store's data segments
  std::map<std::string, embed::Extern, std::less<>> exports;
};

// Whether the collector follows references of this type (of the instance's module, or canonical
// without one).
inline bool IsTraced(const wasm::TypeStore& types, wasm::ValType canonical) {
  return canonical.is_ref() && types.Top(canonical.heap()) != wasm::AbstractHeap::Func;
}

}  // namespace slabhound::exec
