// A bucket's folder as `repro` takes it (campaign/store.h): its case, and what finding.json and
// the older history/ say of how it fails.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cause/key.h"
#include "engine/spec.h"
#include "worker/protocol.h"

namespace slabhound::cli {

struct FindingFolder {
  std::string case_file = {};
  std::vector<std::string> engines = {};           // texts, the reference first
  std::optional<engine::EngineSpec> suspect = {};  // the engine that failed
  std::vector<trace::SentRun> history = {};        // what the suspect's worker must have run before
  std::optional<cause::Key> cause = {};            // of a minimized one
  std::string signature = {};                      // as the campaign had it
  struct Script {
    std::string file, fails_on;  // the engine's text
  };
  std::optional<Script> script = {};  // one that is known to fail somewhere
  // What the campaign knows of it, as lines for people: a word and a text.
  std::vector<std::pair<std::string, std::string>> facts = {};
};

// Nothing for a path that is no folder. The error is one line.
Result<std::optional<FindingFolder>, std::string> ReadFindingFolder(const std::string& path);

}  // namespace slabhound::cli
