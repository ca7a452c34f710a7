// The heaps of the reference and of the suspect of a verdict, where they first differ: at the event
// that differs or in the final state; else, in one more run of each, behind the first instruction
// whose reference is another one (graph/probes.h). Of a suspect that died: death_heaps.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "diff/compare.h"
#include "graph/differing.h"

namespace slabhound::cli {

// One run of all engines, as it was judged.
struct Judged {
  std::vector<engine::EngineSpec> engines;  // the reference first
  std::vector<trace::Trace> traces;
  diff::Verdict verdict;
  std::string today;  // as in worker::Lab

  // Requires: a finding.
  size_t suspect() const;
};

struct Heaps {
  graph::Differing graphs;
  std::string where =
      {};  // of the first instruction; empty: the event, or the final state, shows them
  std::string dies = {};  // where the suspect does, if so; then nothing need differ
};

// Nothing: it is no finding, or no object that anybody tells differs. Requires: the traces'
// walks were kept.
std::optional<Heaps> HeapsOf(const Judged& judged, const diff::Prepared& prepared,
                             const worker::Lab& lab);
// The picture of them, as SVG.
std::string PictureText(const Judged& judged, const Heaps& heaps, const diff::Prepared& prepared);

}  // namespace slabhound::cli
