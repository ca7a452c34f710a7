#include "rewrite/function_type.h"

#include <algorithm>

#include "rewrite/references.h"
#include "rewrite/unused.h"

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

void Retype(wasm::Module& module, uint32_t definition, const wasm::FuncType& type) {
  const uint32_t old = module.functions[definition].type;
  module.functions[definition].type = FunctionTypeIndex(module, type);
  bool stays = std::ranges::none_of(module.rec_groups, [&](const wasm::RecGroup& group) {
    return group.first == old && group.count == 1;
  });
  VisitModule(module,
              [&](Space space, uint32_t& index) { stays |= space == Space::Type && index == old; });
  if (stays) return;
  Kept kept = Reachable(module, {});
  for (std::vector<uint8_t>& space : kept) std::ranges::fill(space, uint8_t{1});
  kept[static_cast<size_t>(Space::Type)][old] = 0;
  module = KeepOnly(module, kept);
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
