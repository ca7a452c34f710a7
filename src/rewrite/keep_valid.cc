#include "rewrite/keep_valid.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "valid/valid_module.h"
#include "wasm/type_store.h"

namespace slabhound::rewrite {
namespace {

bool IsValid(const wasm::Module& module) {
  wasm::TypeStore types;
  return valid::Validate(std::make_shared<const wasm::Module>(module), types).has_value();
}

}  // namespace

bool TakeValidFunctions(wasm::Module& module, const wasm::Module& made) {
  if (IsValid(made)) {
    module = made;
    return true;
  }
  bool any = false;
  for (size_t i = 0; i < module.functions.size(); ++i) {
    const auto same = [](const wasm::Instr& a, const wasm::Instr& b) {
      return a.op == b.op && a.a == b.a && a.b == b.b && a.bits == b.bits;
    };
    if (std::ranges::equal(module.functions[i].body.code, made.functions[i].body.code, same)) {
      continue;
    }
    wasm::Function before = std::exchange(module.functions[i], made.functions[i]);
    if (IsValid(module)) {
      any = true;
    } else {
      module.functions[i] = std::move(before);
    }
  }
  return any;
}

}  // namespace slabhound::rewrite
