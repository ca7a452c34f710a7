// Decoding of instruction sequences (spec 5.4): internal to the decoder.
#pragma once

#include "wasm/byte_reader.h"
#include "wasm/module.h"

namespace slabhound::wasm {

// What the expressions of a module share while they are decoded.
struct CodeFacts {
  // First use of a data index in a body: allowed only with a data count section.
  std::optional<uint32_t> data_use_offset;
  // Where an expression grows before it is copied into vectors of its exact size.
  Body scratch;
  std::vector<Opcode> open;
};

// Reads up to and including the `end` that closes the sequence.
Body DecodeExpression(ByteReader& in, CodeFacts& facts);

}  // namespace slabhound::wasm
