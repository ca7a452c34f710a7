#include "valid/module_context.h"

#include <algorithm>

namespace slabhound::valid {

std::string ModuleContext::IndexText(wasm::IndexSpace space, uint32_t index) const {
  return wasm::IndexText(module.names.get(), space, index);
}

std::string ModuleContext::TypeText(wasm::ValType type) const {
  return wasm::TypeText(type, [this](uint32_t id) {
    const auto found = std::ranges::find(valid.type_ids, wasm::TypeId{id});
    const auto index = static_cast<uint32_t>(found - valid.type_ids.begin());
    return IndexText(wasm::IndexSpace::Type, index);
  });
}

}  // namespace slabhound::valid
