// Errors of the format: malformed bytes or text, an invalid module, something outside the profile,
// or a limit.
//
// 1. Every error has a code from errors.def, a place and one sentence.
// 2. Malformed = the grammar is broken (spec 5, 6); Invalid = a type rule is (spec 3); Unsupported
//    = well-formed Wasm outside the profile (rejected with its name, never half-run); Limit =
//    larger than limits.h allows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace slabhound::wasm {

enum class ErrorClass : uint8_t { Malformed, Invalid, Unsupported, Limit };

enum class ErrorCode : uint8_t {
#define SLABHOUND_ERROR(name, ...) name,
#include "wasm/errors.def"
};

struct Error {
  ErrorCode code;
  uint32_t offset = 0;  // byte offset in the binary, or in the text
  std::string detail;   // what was found, what was expected; may be empty
  // Set by text readers; 0: the source is binary and `offset` is the place.
  uint32_t line = 0, column = 0;

  ErrorClass error_class() const;
  // "malformed: unexpected end at offset 0x1f: …", "invalid: type mismatch at 12:7: …" or
  // "unsupported: stack switching (cont) is outside the profile at 3:9".
  std::string Message() const;
};

std::string_view ErrorName(ErrorCode code);    // the enumerator, for tables and statistics
std::string_view ErrorPhrase(ErrorCode code);  // the specification's phrase where it has one
std::string_view ErrorClassName(ErrorClass error_class);

}  // namespace slabhound::wasm
