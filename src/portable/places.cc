#include "portable/places.h"

namespace slabhound::portable {
namespace {

// Between any two operands a collection is less likely to matter than at the other places.
constexpr uint32_t kElsewhere = 4;

bool IsAllocation(wasm::Opcode op) { return wasm::Info(op).gc == wasm::GcEffect::Allocates; }

}  // namespace

std::vector<uint32_t> Places::Draw(const wasm::Body& body) {
  std::vector<uint32_t> places;
  if (one_in_ == 0) return places;
  if (Draws(1)) places.push_back(0);
  for (uint32_t i = 0; i + 1 < body.code.size(); ++i) {
    const wasm::Instr& instr = body.code[i];
    if (collections_.IsCall(instr)) continue;
    const bool allocates = IsAllocation(instr.op);
    if (allocates && Draws(1)) places.push_back(i);
    if (Draws(allocates || instr.op == wasm::Opcode::Loop ? 1 : kElsewhere)) {
      places.push_back(i + 1);
    }
  }
  return places;
}

}  // namespace slabhound::portable
