// Where a fault acts, for the code that carries one. Only the rooms whose CMakeLists define
// SLABHOUND_FAULTS (0 or 1) may include this, and none of their headers that others include;
// everybody else asks heap/fault.h, so that the faulty build shares their objects.
//
// 1. In a build without faults both conditions are constant false, and nothing of a fault is left.
// 2. A fault is one condition at its place: `if (Active(fault_, Fault::Name, wrong != right)) …`.
//    What is compared there must have no effect.
#pragma once

#include "heap/fault.h"

#ifndef SLABHOUND_FAULTS
#error "its CMakeLists: target_compile_definitions(… PRIVATE SLABHOUND_FAULTS=0|1)"
#endif

namespace slabhound::heap {

#if SLABHOUND_FAULTS
bool CountActive(Fault fault, bool differs);
#else
constexpr bool CountActive(Fault, bool) { return false; }
#endif

// Whether `fault` is the injected one, at a place where it may not act yet: counts nothing.
constexpr bool Injected(Fault injected, Fault fault) {
  return SLABHOUND_FAULTS && injected == fault;
}

// Execution came to where `fault` acts, and `differs` says whether it makes a difference now:
// whether it acts. Counts both.
constexpr bool Active(Fault injected, Fault fault, bool differs = true) {
  return Injected(injected, fault) && CountActive(fault, differs);
}

}  // namespace slabhound::heap
