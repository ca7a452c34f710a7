// A finding as a campaign keeps it: what its finding.json tells (finding_json.h), and its files.
// `kind` says what it is: a finding of the product, or a case that was kept for its own sake
// (generator crash, killed).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "cause/key.h"
#include "diff/signature.h"
#include "worker/recurrence.h"

namespace slabhound::campaign {

inline constexpr std::string_view kKnownPrefix = "known:";

struct Finding {
  std::string kind = "finding";
  diff::Signature signature;  // the symptom
  uint32_t variant = 1;       // of the causes that have this symptom, in the order of discovery
  std::string verdict;        // diverge, panic, crash, hang …
  std::string explanation;    // a few lines for people
  std::string suspect;        // engine text; may be empty
  std::vector<std::string> engines;
  uint64_t seed = 0, number = 0;
  std::string binaryen_version;
  bool minimized = false;
  bool steady = false;                   // of a steady campaign (campaign.h, 5)
  uint64_t original_bytes = 0;           // of the module as generated, without a plan
  uint64_t slipped = 0;                  // candidates that showed the symptom for another reason
  std::string errors;                    // what the job wrote to stderr before it died
  trace::Recurrence recurrence;          // of an engine's worker; no tries: not looked at
  std::optional<cause::Key> cause;       // of a minimized case
  std::vector<std::string> ingredients;  // likewise: what it needs
  // Of a case that is not minimized: the symptom without whose needs it passes (masking.h), or the
  // row of a user's known-file, behind kKnownPrefix.
  std::string explained_by;
  std::vector<std::string> without;  // ingredients that were taken out as it was generated
  // Files.
  Bytes module;                     // case.wasm; may be empty for a crash of the generator
  Bytes input;                      // input.bin, the generator's bytes; of crashes
  std::string regression;           // regression.wast, if not empty
  std::string regression_fails_on;  // the engine that fails it, if that was tried
  std::string regression_missing = "the case is not minimized";  // why there is none
};

// The folder of a symptom, and its name everywhere.
std::string SlugOf(const diff::Signature& signature, uint32_t variant);
inline std::string SlugOf(const Finding& finding) {
  return SlugOf(finding.signature, finding.variant);
}

}  // namespace slabhound::campaign
