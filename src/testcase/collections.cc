#include "testcase/collections.h"

#include <algorithm>

#include "testcase/meaning.h"

namespace slabhound::testcase {

Collections::Collections(const wasm::Module& module) {
  for (const wasm::Import& import : module.imports) {
    if (import.kind() == wasm::ExternKind::Func) {
      forces_.push_back(ForcesCollection(import, module));
    }
  }
}

std::optional<uint32_t> Collections::first() const {
  const auto found = std::ranges::find(forces_, true);
  if (found == forces_.end()) return std::nullopt;
  return static_cast<uint32_t>(found - forces_.begin());
}

bool Collections::HasCall(const wasm::Module& module) const {
  if (!first()) return false;
  return std::ranges::any_of(module.functions, [this](const wasm::Function& function) {
    return std::ranges::any_of(function.body.code,
                               [this](const wasm::Instr& instr) { return IsCall(instr); });
  });
}

}  // namespace slabhound::testcase
