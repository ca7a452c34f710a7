// Bytes dropped from strings of a module: its data segments, or its custom sections.
#pragma once

#include <functional>
#include <vector>

#include "minimizer/reduction.h"

namespace slabhound::minimizer {

// The strings, as many and in the same order whatever their bytes.
using ByteStrings = std::function<std::vector<Bytes*>(wasm::Module& module)>;

void DropBytes(Reduction& reduction, const ByteStrings& strings_of);

}  // namespace slabhound::minimizer
