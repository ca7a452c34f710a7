// A cut: where a budget or an engine's own limit first ended what a run should have shown.
//
// 1. A run with a cut is not judged in full: what "agrees" does so up to there.
// 2. Where a call asks for an object beyond any budget there is none: its end is all that can be
//    judged, and was.
// 3. It follows from the trace alone.
#pragma once

#include <optional>
#include <string>

#include "trace/trace.h"

namespace slabhound::trace {

struct Cut {
  Limit limit = Limit::Fuel;
  // The call, from 1, and its export; 0 is the instantiation. `before` when the call was not even
  // begun.
  size_t call = 0;
  std::string export_name = {};
  bool before = false;
  friend bool operator==(const Cut&, const Cut&) = default;
};

std::optional<Cut> FirstCut(const Trace& trace);

// "fuel ran out in call 2, run (--fuel raises it)", for people.
std::string CutText(const Cut& cut);

}  // namespace slabhound::trace
