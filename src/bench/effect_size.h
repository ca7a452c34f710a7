// How often one thing is sooner than another: A12 of Vargha and Delaney.
#pragma once

#include <span>

#include "bench/survival.h"

namespace slabhound::bench {

// The chance that one of `a` happens before one of `b`, ties counted half: 0.5 is no difference, 1
// always before. What did not happen comes after all that did, and ties with its like.
// Requires: neither is empty.
double A12(std::span<const Observation> a, std::span<const Observation> b);

}  // namespace slabhound::bench
