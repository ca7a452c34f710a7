// Whether faults of the catalogue are compiled in, for the code that carries one. Only the rooms
// whose CMakeLists define SLABHOUND_FAULTS (0 or 1) may include this; everybody else asks
// heap/fault.h, so that the faulty build shares their objects.
#pragma once

#include "heap/fault.h"

#ifndef SLABHOUND_FAULTS
#error "its CMakeLists: target_compile_definitions(… PRIVATE SLABHOUND_FAULTS=0|1)"
#endif

namespace slabhound::heap {

// Whether `fault` is the injected one; constant false in a build without faults.
constexpr bool Active(Fault injected, Fault fault) { return SLABHOUND_FAULTS && injected == fault; }

}  // namespace slabhound::heap
