// Encoding of instruction sequences (spec 5.4): internal to the encoder.
#pragma once

#include "base/bytes.h"
#include "wasm/module.h"

namespace slabhound::wasm {

void AppendExpression(Bytes& out, const Body& body);

}  // namespace slabhound::wasm
