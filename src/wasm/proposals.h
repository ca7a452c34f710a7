// Encodings that proposals outside the profile give a meaning: known only so that a module that
// uses them is rejected with the proposal's name instead of as malformed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wasm/error.h"

namespace slabhound::wasm {

struct Proposal {
  ErrorCode code;
  std::string_view name;
};

// An opcode of no row in opcodes.def; prefix 0: a single byte.
constexpr std::optional<Proposal> ProposalOfOpcode(uint8_t prefix, uint32_t code) {
  using enum ErrorCode;
  if (prefix == 0xfd) return Proposal{UnsupportedSimd, code < 0x100 ? "SIMD" : "relaxed SIMD"};
  if (prefix == 0xfe) return Proposal{UnsupportedThreads, "atomic instructions"};
  if (prefix == 0xfb && code >= 0x20 && code <= 0x26) {
    return Proposal{UnsupportedFeature, "custom descriptors"};
  }
  if (prefix == 0xfb && code >= 0x80 && code <= 0xb7)
    return Proposal{UnsupportedFeature, "strings"};
  if (prefix == 0xfc && code == 0x12) return Proposal{UnsupportedFeature, "memory control"};
  if (prefix == 0xfc && code >= 0x13 && code <= 0x16) {
    return Proposal{UnsupportedFeature, "wide arithmetic"};
  }
  if (prefix != 0) return std::nullopt;
  if (code == 0x06 || code == 0x07 || code == 0x09 || code == 0x18 || code == 0x19) {
    return Proposal{UnsupportedLegacyEh, "legacy exception handling"};
  }
  if (code >= 0xe0 && code <= 0xe6) return Proposal{UnsupportedFeature, "stack switching"};
  return std::nullopt;
}

// The first byte of a type that is none of the profile's.
constexpr std::optional<Proposal> ProposalOfType(uint8_t code) {
  using enum ErrorCode;
  switch (code) {
    case 0x7b:
      return Proposal{UnsupportedSimd, "v128"};
    case 0x65:
      return Proposal{UnsupportedThreads, "shared types"};
    case 0x62:
      return Proposal{UnsupportedFeature, "exact references"};
    case 0x4c:
    case 0x4d:
      return Proposal{UnsupportedFeature, "custom descriptors"};
    case 0x5d:
    case 0x68:
    case 0x75:
      return Proposal{UnsupportedFeature, "stack switching"};
    case 0x67:
      return Proposal{UnsupportedFeature, "strings"};
    default:
      return std::nullopt;
  }
}

}  // namespace slabhound::wasm
