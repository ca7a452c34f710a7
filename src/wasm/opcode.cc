#include "wasm/opcode.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace slabhound::wasm {
namespace {

constexpr GcEffect EffectOf(char letter) {
  return letter == 'A' ? GcEffect::Allocates : letter == 'S' ? GcEffect::Safepoint : GcEffect::None;
}

constexpr std::array<OpcodeInfo, kOpcodeCount> kOpcodes = {
#define SLABHOUND_OP(name, text, prefix, code, immediates, signature, feature, gc)           \
  OpcodeInfo{                                                                                \
      #name,        text, prefix, code, Immediates::immediates, signature, Feature::feature, \
      EffectOf(gc), true},
#define SLABHOUND_OP_NOT_RUN(name, text, prefix, code, immediates, signature, feature, gc)   \
  OpcodeInfo{                                                                                \
      #name,        text, prefix, code, Immediates::immediates, signature, Feature::feature, \
      EffectOf(gc), false},
#include "wasm/opcodes.def"
};

constexpr std::array kImmediates = {
#define SLABHOUND_IMMEDIATES(name, first, second, third) \
  ImmediatesInfo{#name, ImmediateKind::first, ImmediateKind::second, ImmediateKind::third},
#include "wasm/immediates.def"
};

constexpr std::array kFeatures = {
#define SLABHOUND_FEATURE(name, text) std::string_view{text},
#include "wasm/features.def"
};

constexpr uint32_t Key(const OpcodeInfo& row) { return uint32_t{row.prefix} << 16 | row.code; }
static_assert(std::ranges::adjacent_find(kOpcodes, std::ranges::greater_equal{}, Key) ==
                  kOpcodes.end(),
              "opcodes.def is strictly sorted by (prefix, code)");

// Opcodes in the order of their mnemonics; equal mnemonics keep table order.
constexpr auto kByMnemonic = [] {
  std::array<uint16_t, kOpcodes.size()> order{};
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint16_t>(i);
  std::ranges::sort(order, [](uint16_t a, uint16_t b) {
    const int compared = kOpcodes[a].text.compare(kOpcodes[b].text);
    return compared != 0 ? compared < 0 : a < b;
  });
  return order;
}();

}  // namespace

std::span<const OpcodeInfo> AllOpcodes() { return kOpcodes; }
const OpcodeInfo& Info(Opcode op) { return kOpcodes[static_cast<size_t>(op)]; }
const ImmediatesInfo& Info(Immediates immediates) {
  return kImmediates[static_cast<size_t>(immediates)];
}
std::string_view FeatureName(Feature feature) { return kFeatures[static_cast<size_t>(feature)]; }

std::optional<Opcode> FindOpcode(uint8_t prefix, uint32_t code) {
  // Dense lookup, built once from the table: decoding is hot.
  constexpr uint32_t kCodesMax = 0x114;
  static constexpr auto kIndex = [] {
    std::array<std::array<int16_t, kCodesMax>, 4> index{};
    for (auto& page : index) page.fill(-1);
    for (size_t i = 0; i < kOpcodes.size(); ++i) {
      const size_t page = kOpcodes[i].prefix == 0 ? 0 : kOpcodes[i].prefix - 0xfa;
      index[page][kOpcodes[i].code] = static_cast<int16_t>(i);
    }
    return index;
  }();
  if (code >= kCodesMax || (prefix != 0 && (prefix < 0xfb || prefix > 0xfd))) return std::nullopt;
  const int16_t found = kIndex[prefix == 0 ? 0 : prefix - 0xfa][code];
  if (found < 0) return std::nullopt;
  return static_cast<Opcode>(found);
}

std::optional<Opcode> FindMnemonic(std::string_view text) {
  const auto found =
      std::ranges::lower_bound(kByMnemonic, text, {}, [](uint16_t i) { return kOpcodes[i].text; });
  if (found == kByMnemonic.end() || kOpcodes[*found].text != text) return std::nullopt;
  return static_cast<Opcode>(*found);
}

uint32_t AccessBytes(Opcode op) {
  const Immediates immediates = Info(op).immediates;
  if (immediates < Immediates::MemArg1 || immediates > Immediates::MemLane8) return 0;
  const Immediates first = AccessesLane(op) ? Immediates::MemLane1 : Immediates::MemArg1;
  return 1u << (static_cast<uint32_t>(immediates) - static_cast<uint32_t>(first));
}

bool AccessesLane(Opcode op) {
  const Immediates immediates = Info(op).immediates;
  return immediates >= Immediates::MemLane1 && immediates <= Immediates::MemLane8;
}

uint32_t LaneCount(Opcode op) {
  if (AccessesLane(op)) return 16 / AccessBytes(op);
  const Immediates immediates = Info(op).immediates;
  if (immediates < Immediates::Lane16 || immediates > Immediates::Lane2) return 0;
  return 16u >> (static_cast<uint32_t>(immediates) - static_cast<uint32_t>(Immediates::Lane16));
}

}  // namespace slabhound::wasm
