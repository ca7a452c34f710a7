// One run of a case with probes (graph/probes.h) on the reference and on the suspect, and the heaps
// that one of its probes tells.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "cli/repro_heaps.h"
#include "graph/probes.h"

namespace slabhound::cli {

// A case and the configuration in which probes may show what the original does.
struct ProbeForm {
  testcase::TestCase test_case;
  engine::EngineSpec spec;
};
// With the collections of the case alone; with those that happened as instructions, so that probes
// move none; with one at each place.
std::vector<ProbeForm> ProbeFormsOf(const diff::Prepared& prepared,
                                    const engine::EngineSpec& suspect);

struct ProbeRun {
  diff::Prepared before;  // the form's case
  graph::Probed probed;
  diff::Prepared prepared;  // with the probes
  std::array<engine::EngineSpec, 2> engines;
  std::array<trace::Trace, 2> traces;  // the reference's, the suspect's

  // In words: where the probe of that event of the reference's stands, in the numbers of
  // `original`, which the form's case is made of.
  std::string SiteOf(size_t event, const diff::Prepared& original) const;
  // Both heaps as the probe of that event tells them, with the numbers of `original`. Nothing: it
  // is no event of a probe, or the suspect is elsewhere.
  std::optional<Heaps> At(size_t event, const diff::Prepared& original) const;
};

// Nothing: no probe can be added. At most so many calls are made.
std::optional<ProbeRun> RunProbes(const ProbeForm& form, const engine::EngineSpec& reference,
                                  const worker::Lab& lab, const graph::ProbeOptions& options = {},
                                  size_t calls = SIZE_MAX);

}  // namespace slabhound::cli
