// Decoding and encoding of the binary format (spec chapter 5).
//
// 1. Decode accepts exactly the well-formed binaries of the profile; everything else is an Error
//    with an offset.
// 2. Memory stays within a small multiple of the input's size, whatever counts it declares.
// 3. Encode(Decode(b)) decodes to an equal module; Encode writes the shortest form of every
//    integer.
// Neither validates.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "wasm/error.h"
#include "wasm/module.h"

namespace slabhound::wasm {

Result<Module, Error> Decode(ByteSpan bytes);

}  // namespace slabhound::wasm
