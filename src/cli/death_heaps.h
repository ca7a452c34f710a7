// The heaps before a suspect dies, of which its trace tells nothing: a worker's log goes with it.
//
// 1. The case is run with probes (graph/probes.h) that trap behind the n-th; the largest n that the
//    suspect survives is found by bisection. What it tells up to there is held against the
//    reference.
// 2. The first probe that differs is shown; where none does, the last one, which both tell alike.
// 3. Nothing where the suspect does not die with probes, or before the first.
#pragma once

#include "cli/repro_heaps.h"

namespace slabhound::cli {

// Requires: a verdict of an engine's failure.
std::optional<Heaps> HeapsBeforeDeath(const Judged& judged, const diff::Prepared& prepared,
                                      const worker::Lab& lab);

}  // namespace slabhound::cli
