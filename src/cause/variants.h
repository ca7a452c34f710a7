// The variant vector of a suspect: a case, unchanged, once on each of them.
//
// 1. The releases of its engine that are installed, with its options; then, in its own release, its
//    configurations (variants.def), each instead of its own value of that option. Of the slab
//    engine, which has no releases: each collector under each schedule, with its fault.
// 2. Any finding against the reference is Fail. What is not installed, refuses the case though the
//    suspect does not, or ends at a limit of its own is NotAble.
// 3. The suspect itself is the first of them.
// 4. Cells are named without how the suspect's portable form is made (engine::FormSpec): vectors of
//    cases that differ in that alone are compared.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "cause/key.h"
#include "diff/dispatch.h"
#include "diff/releases.h"

namespace slabhound::cause {

// In the order of the vector; at most kVariantsMax.
std::vector<engine::EngineSpec> VariantsOf(const engine::EngineSpec& suspect,
                                           const std::vector<engine::EngineSpec>& releases);

// What is asked: of whom, against what, on which releases (diff/releases.h), with what.
struct Suspicion {
  engine::EngineSpec reference, suspect;
  diff::Releases releases;
  worker::Lab lab;
  // The finding is that the suspect hangs. Else a candidate on which it does shows nothing: each
  // would take all the time that a run has.
  bool hangs = false;
  // What the suspect has just shown with each case that is asked about: it is not run again.
  std::optional<diff::Signature> shown = {};
};

VariantVector VectorOf(const diff::Prepared& prepared, const Suspicion& suspicion);

// Of the vector what candidates of a minimization are held to, with NotAble in all other cells: the
// newer releases up to the first that passes, and what decides of the slab engine. Configurations
// are left out, whose luck with memory changes with every instruction, and what is not the same
// twice behind a worker. Only the cells that count are run.
VariantVector SteadyVectorOf(const diff::Prepared& prepared, const Suspicion& suspicion);

// Whether the case fails on the suspect.
bool Fails(const diff::Prepared& prepared, const Suspicion& suspicion);

// Whether it does, and gives this vector in its decisive cells (key.h),
// whatever it gives where that says NotAble. It stops at the first cell that is another. Requires:
// a vector of VectorOf for that suspicion.
bool Gives(const VariantVector& vector, const diff::Prepared& prepared, const Suspicion& suspicion);

}  // namespace slabhound::cause
