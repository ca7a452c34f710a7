// What proposals outside the profile mean by encodings and words of their own: known only so that a
// module that uses them is rejected with the proposal's name instead of as malformed.
#pragma once

#include <cstdint>
#include <string_view>

namespace slabhound::wasm {

inline constexpr std::string_view kThreads = "threads", kStackSwitching = "stack switching",
                                  kCustomDescriptors = "custom descriptors", kStrings = "strings",
                                  kMemoryControl = "memory control",
                                  kWideArithmetic = "wide arithmetic",
                                  kHalfPrecision = "half precision",
                                  kCustomPageSizes = "custom page sizes",
                                  kCompactImports = "compact imports";

// The proposal of an opcode of no row in opcodes.def; empty: none. Prefix 0: a single byte.
constexpr std::string_view ProposalOfOpcode(uint8_t prefix, uint32_t code) {
  switch (prefix) {
    case 0:
      return code >= 0xe0 && code <= 0xe6 ? kStackSwitching : "";
    case 0xfb:
      if (code >= 0x20 && code <= 0x26) return kCustomDescriptors;
      return code >= 0x80 && code <= 0xb7 ? kStrings : "";
    case 0xfc:
      if (code == 0x12) return kMemoryControl;
      return code >= 0x13 && code <= 0x16 ? kWideArithmetic : "";
    case 0xfd:
      return code >= 0x120 && code <= 0x14f ? kHalfPrecision : "";
    case 0xfe:
      return kThreads;
    default:
      return "";
  }
}

// Likewise of the first byte of a type that is none of the profile's.
constexpr std::string_view ProposalOfType(uint8_t code) {
  switch (code) {
    case 0x65:
      return kThreads;
    case 0x62:
    case 0x4c:
    case 0x4d:
      return kCustomDescriptors;
    case 0x5d:
    case 0x68:
    case 0x75:
      return kStackSwitching;
    case 0x67:
      return kStrings;
    default:
      return "";
  }
}

struct ProposalWord {
  std::string_view word, proposal;
  bool is_prefix = false;  // of a mnemonic
};
inline constexpr ProposalWord kProposalWords[] = {
    {"shared", kThreads},
    {"atomic.", kThreads, true},
    {"memory.atomic.", kThreads, true},
    {"i32.atomic.", kThreads, true},
    {"i64.atomic.", kThreads, true},
    {"global.atomic.", kThreads, true},
    {"table.atomic.", kThreads, true},
    {"struct.atomic.", kThreads, true},
    {"array.atomic.", kThreads, true},
    {"ref.get_desc", kCustomDescriptors},
    {"ref.cast_desc", kCustomDescriptors, true},
    {"br_on_cast_desc", kCustomDescriptors, true},
    {"struct.new_desc", kCustomDescriptors},
    {"struct.new_default_desc", kCustomDescriptors},
    {"exact", kCustomDescriptors},
    {"descriptor", kCustomDescriptors},
    {"describes", kCustomDescriptors},
    {"cont", kStackSwitching},
    {"nocont", kStackSwitching},
    {"contref", kStackSwitching},
    {"nullcontref", kStackSwitching},
    {"cont.", kStackSwitching, true},
    {"resume", kStackSwitching, true},
    {"suspend", kStackSwitching},
    {"switch", kStackSwitching},
    {"stringref", kStrings},
    {"string.", kStrings, true},
    {"stringview", kStrings, true},
    {"memory.discard", kMemoryControl},
    {"i64.add128", kWideArithmetic},
    {"i64.sub128", kWideArithmetic},
    {"i64.mul_wide_", kWideArithmetic, true},
    {"f16x8.", kHalfPrecision, true},
    {"pagesize", kCustomPageSizes},
};

// Likewise of a word of the text format that the profile has no use for where it stands.
constexpr std::string_view ProposalOfWord(std::string_view word) {
  for (const ProposalWord& each : kProposalWords) {
    if (each.is_prefix ? word.starts_with(each.word) : word == each.word) return each.proposal;
  }
  return "";
}

}  // namespace slabhound::wasm
