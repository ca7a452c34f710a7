// What tells builds of an engine apart: its version, and the content of the files that its process
// is made of.
//
// 1. Those files are, of a worker that has started, its program, what it has mapped to execute, and
//    what its command line names; of a plain command its words that are files; of an engine of this
//    process this program.
// 2. The system's own libraries are none of them. Neither paths nor times count.
#pragma once

#include <string>

#include "base/result.h"
#include "engine/spec.h"

namespace slabhound::worker {

struct Build {
  std::string version;  // as the worker says it; may be empty
  std::string hash;     // 12 hexadecimal digits

  // "50.0.1 1a2b3c4d5e6f"
  std::string Text() const { return version.empty() ? hash : version + " " + hash; }
  friend bool operator==(const Build&, const Build&) = default;
};

// Starts a worker of the engine, and ends it. The error is one line.
Result<Build, std::string> BuildOf(const engine::EngineSpec& spec);

// The version in a build's text; empty: it has none.
std::string VersionIn(const std::string& build_text);

}  // namespace slabhound::worker
