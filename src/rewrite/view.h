// A valid module with everything that makers of edits need to know of it.
#pragma once

#include <memory>
#include <vector>

#include "rewrite/tree.h"
#include "valid/valid_module.h"

namespace slabhound::rewrite {

struct View {
  std::shared_ptr<const wasm::Module> module;
  std::unique_ptr<wasm::TypeStore> types;
  valid::ValidModule valid;
  std::vector<Tree> trees;  // one for each function definition
};
// Requires: the module is valid.
View MakeView(const wasm::Module& module);

// Values of the result types by default: null, zero, i31 0, a new default object; a trap otherwise.
// Requires: canonical types.
std::vector<wasm::Instr> DefaultOf(wasm::ValType type, const View& view);

}  // namespace slabhound::rewrite
