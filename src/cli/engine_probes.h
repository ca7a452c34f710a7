// `slabhound engines check NAME`: what an engine behind a worker, or a command, can do, shown by
// small modules.
#pragma once

#include <string>

#include "engine/spec.h"

namespace slabhound::cli {

struct ProbeReport {
  std::string text;  // one line for each probe
  int wrong = 0;     // answers that the specification does not allow
  bool ran = false;  // it runs; else `text` is one line that says why not
};

ProbeReport ProbeEngine(const engine::EngineSpec& spec);

}  // namespace slabhound::cli
