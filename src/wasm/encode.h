// Encoding to the binary format (spec chapter 5): canonical section order, shortest integers,
// customs last. The data count section is written when a body needs it or the module said so.
#pragma once

#include "base/bytes.h"
#include "wasm/module.h"

namespace slabhound::wasm {

Bytes Encode(const Module& module);

}  // namespace slabhound::wasm
