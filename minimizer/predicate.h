// Predicates for Minimize: a finding keeps its signature.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "diff/compare.h"
#include "diff/releases.h"
#include "minimizer/minimize.h"
#include "regression/provenance.h"

namespace slabhound::minimizer {

struct Keep {
  std::vector<engine::EngineSpec> engines;  // as the finding was judged: the first is the reference
  engine::EngineSpec suspect;               // the engine that showed it, one of `engines`
  diff::Signature signature;
  // With which of these releases it must fail (diff/releases.h); empty: it does not matter.
  diff::ReleaseRange failing_releases = {};
  diff::Releases releases = {};
  worker::Lab lab = {};
  // The reference must end every call by itself: without it a regression file cannot say what
  // should happen.
  bool must_end = false;
  // The regression file of the test case must do its work (regression/check.h): otherwise what is
  // left may show only in the final state.
  bool must_show = false;
  // Asked of a candidate that keeps all of the above, and the suspect that showed it: false means
  // that it shows the signature for another reason (src/cause). Empty: the signature is enough.
  std::function<bool(const testcase::TestCase&, const engine::EngineSpec&)> same_cause = {};
  // How often a candidate may try to show the signature, of a finding that does not happen every
  // time.
  uint32_t tries = 1;
  // Asked between runs: true gives the answer up.
  std::function<bool()> stop = {};
};

// What a regression file says of where it comes from.
regression::Provenance ProvenanceOf(const Keep& keep);

// What a verdict of these engines asks to keep. Requires: verdict.is_finding().
Keep KeepOf(const diff::Verdict& verdict, std::vector<engine::EngineSpec> engines,
            const worker::Lab& lab);

// Interesting when all engines together give this signature, and it fails on the same releases. The
// suspect runs first and alone when it panics, else with the reference; the others run only when it
// showed the signature.
Predicate KeepsSignature(Keep keep);

// Whether the reference engine of `keep` ends all calls of the test case by itself.
bool Ends(const Keep& keep, const testcase::TestCase& test_case);

}  // namespace slabhound::minimizer
