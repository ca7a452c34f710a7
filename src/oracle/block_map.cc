#include "oracle/block_map.h"

#include "base/check.h"

namespace slabhound::oracle {

using wasm::Opcode;

BlockMap MapBlocks(const wasm::Body& body) {
  BlockMap map(body.code.size());
  std::vector<uint32_t> open;
  for (uint32_t at = 0; at < body.code.size(); ++at) {
    const Opcode op = body.code[at].op;
    if (op == Opcode::Block || op == Opcode::Loop || op == Opcode::If || op == Opcode::TryTable ||
        op == Opcode::LegacyTry) {
      open.push_back(at);
    } else if (op == Opcode::Else) {
      CHECK(!open.empty());
      map[open.back()].otherwise = at;
    } else if (op == Opcode::End || op == Opcode::Delegate) {
      if (open.empty()) {
        CHECK(at + 1 == body.code.size());
        break;
      }
      map[open.back()].end = at;
      open.pop_back();
    }
  }
  CHECK(open.empty());
  return map;
}

}  // namespace slabhound::oracle
