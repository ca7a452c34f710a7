// For engines in which indices and lengths of bulk array instructions and table.fill from 2^31 on
// are negative numbers, so that some traps do not come (spec 4.6.9, array.copy and others): the
// operands become the smaller one of themselves and kBulkMax.
//
// No array, table or segment is that long in such an engine, so that the same ones are out of
// bounds; the sum of two such operands is less than 2^31.
#pragma once

#include <cstdint>

#include "wasm/module.h"

namespace slabhound::avoid {

inline constexpr uint32_t kBulkMax = (uint32_t{1} << 30) - 1;

bool AvoidBulkBounds(wasm::Module& module);

}  // namespace slabhound::avoid
