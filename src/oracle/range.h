// Ranges of memories, tables, arrays and segments, checked without wrapping (machine/machine.h,
// F7).
#pragma once

#include <cstdint>

namespace slabhound::oracle {

// Whether [start, start + count) lies within `size`.
constexpr bool InBounds(uint64_t start, uint64_t count, uint64_t size) {
  return start <= size && count <= size - start;
}

}  // namespace slabhound::oracle
