// For engines that evaluate the expressions of an element segment each time it is used (spec 4.7.2:
// once): each expression that makes an object becomes an immutable global, and the item reads it.
#include <utility>

#include "avoid/avoid.h"

namespace slabhound::avoid {
namespace {

bool MakesNothing(const wasm::Body& item) {
  const wasm::Opcode op = item.code.front().op;
  return op == wasm::Opcode::RefNull || op == wasm::Opcode::RefFunc ||
         op == wasm::Opcode::GlobalGet;
}

}  // namespace

bool AvoidSegmentValues(wasm::Module& module) {
  bool any = false;
  for (wasm::ElemSegment& elem : module.elems) {
    if (elem.plain_functions) continue;
    for (wasm::Body& item : elem.items) {
      if (MakesNothing(item)) continue;
      const uint32_t global = module.GlobalCount();
      wasm::Body read;
      read.code = {{.op = wasm::Opcode::GlobalGet, .a = global}, {.op = wasm::Opcode::End}};
      module.globals.push_back({{elem.type, false}, std::exchange(item, read), 0});
      any = true;
    }
  }
  return any;
}

}  // namespace slabhound::avoid
