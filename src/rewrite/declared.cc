#include "rewrite/declared.h"

#include <set>
#include <utility>

#include "rewrite/edit.h"
#include "rewrite/references.h"

namespace slabhound::rewrite {
namespace {

wasm::ElemSegment& DeclarativeSegment(wasm::Module& module) {
  for (wasm::ElemSegment& segment : module.elems) {
    if (segment.mode == wasm::SegmentMode::Declarative && segment.plain_functions) return segment;
  }
  wasm::ElemSegment segment;
  segment.mode = wasm::SegmentMode::Declarative;
  segment.type = wasm::ValType::Ref(wasm::AbstractHeap::Func, false);
  segment.plain_functions = true;
  module.elems.push_back(std::move(segment));
  return module.elems.back();
}

}  // namespace

std::set<uint32_t> DeclaredFunctions(const wasm::Module& source) {
  std::set<uint32_t> declared;
  wasm::Module module = source;
  module.functions.clear();
  module.start.reset();
  VisitModule(module, [&](Space space, uint32_t& index) {
    if (space == Space::Func) declared.insert(index);
  });
  return declared;
}

void DeclareMissing(wasm::Module& module) {
  const std::set<uint32_t> declared = DeclaredFunctions(module);
  std::set<uint32_t> missing;
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      if (instr.op == wasm::Opcode::RefFunc && !declared.contains(instr.a)) missing.insert(instr.a);
    }
  }
  for (const uint32_t function : missing) {
    wasm::Body item;
    item.code = {Op(wasm::Opcode::RefFunc, function), Op(wasm::Opcode::End)};
    DeclarativeSegment(module).items.push_back(std::move(item));
  }
}

}  // namespace slabhound::rewrite
