#include "wasm/module.h"

#include <algorithm>

#include "base/check.h"

namespace slabhound::wasm {

uint32_t Module::ImportCount(ExternKind kind) const {
  return static_cast<uint32_t>(std::ranges::count(imports, kind, &Import::kind));
}

TypeIdx Module::FunctionTypeIdx(uint32_t index) const {
  for (const Import& import : imports) {
    if (import.kind() != ExternKind::Func) continue;
    if (index-- == 0) return std::get<FuncRef>(import.type).type;
  }
  CHECK(index < functions.size());
  return functions[index].type;
}

const Export* Module::FindExport(std::string_view name) const {
  const auto found = std::ranges::find(exports, name, &Export::name);
  return found == exports.end() ? nullptr : &*found;
}

}  // namespace slabhound::wasm
