#include "gen/huge_count.h"

#include <array>
#include <vector>

#include "wasm/counted.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::gen {
namespace {

using wasm::Instr;
using wasm::Opcode;

// Where a multiplication by 4 or 8, a header, or a sign goes wrong. 1073741817 is known to pass one
// check and not the next (Wasmtime's issue 13034).
constexpr std::array<uint32_t, 8> kCounts = {0x1fff'ffff, 0x2000'0000, 0x2000'0001, 1'073'741'817,
                                             0x3fff'ffff, 0x7fff'ffff, 0x8000'0000, 0xffff'ffff};
constexpr uint64_t kArrayBytesMin = uint64_t{1} << 31;

uint64_t ElementBytes(const wasm::Module& module, const Instr& instr) {
  if (instr.op != Opcode::ArrayNew && instr.op != Opcode::ArrayNewDefault) return kArrayBytesMin;
  return wasm::StorageBytes(
      std::get<wasm::ArrayType>(module.types[instr.a].composite).element.type);
}

}  // namespace

Bytes WithHugeCount(Bytes module, Rng rng) {
  auto decoded = wasm::Decode(module);
  if (!decoded) return module;
  struct Place {
    Instr* count;
    const Instr* user;
  };
  std::vector<Place> places;
  for (wasm::Function& function : decoded->functions) {
    std::vector<Instr>& code = function.body.code;
    for (size_t i = 1; i < code.size(); ++i) {
      if (code[i - 1].op == Opcode::I32Const && wasm::TakesCount(code[i].op)) {
        places.push_back({&code[i - 1], &code[i]});
      }
    }
  }
  if (places.empty()) return module;
  const Place place = places[rng.Below(places.size())];
  const uint64_t bytes = ElementBytes(*decoded, *place.user);
  std::vector<uint32_t> counts;
  for (const uint32_t count : kCounts) {
    if (count * bytes >= kArrayBytesMin) counts.push_back(count);
  }
  place.count->bits = counts[rng.Below(counts.size())];
  return wasm::Encode(*decoded);
}

}  // namespace slabhound::gen
