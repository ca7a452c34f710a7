#include "rewrite/function_type.h"

#include <algorithm>

#include "rewrite/references.h"

namespace slabhound::rewrite {

uint32_t FunctionTypeIndex(wasm::Module& module, const wasm::FuncType& type) {
  const wasm::SubType wanted{true, {}, type};
  for (const wasm::RecGroup& group : module.rec_groups) {
    if (group.count == 1 && module.types[group.first] == wanted) return group.first;
  }
  const auto index = static_cast<uint32_t>(module.types.size());
  module.types.push_back(wanted);
  module.type_offsets.clear();
  module.rec_groups.push_back({index, 1, false});
  return index;
}

std::vector<Uses> FunctionUses(const wasm::Module& source) {
  std::vector<Uses> uses(source.FunctionCount());
  wasm::Module module = source;
  VisitModule(module, [&](Space space, uint32_t& index) {
    if (space == Space::Func) ++uses[index].others;
  });
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      if (instr.op != wasm::Opcode::Call && instr.op != wasm::Opcode::ReturnCall) continue;
      ++uses[instr.a].calls;
      --uses[instr.a].others;
    }
  }
  for (const wasm::Export& exported : module.exports) {
    if (exported.kind == wasm::ExternKind::Func) --uses[exported.index].others;
  }
  return uses;
}

}  // namespace slabhound::rewrite
