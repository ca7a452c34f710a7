// What a finding is an instance of: the deduplication key. A bucket holds the findings of one
// signature.
//
// 1. It is what survives minimization: it names no values, sites, functions or schedules.
// 2. The text is for people. The slug has a hash of every field, so that no two signatures share
//    one.
// 3. Parts are fields; nothing looks into the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trace/outcome_class.h"

namespace slabhound::diff {

enum class FindingKind : uint8_t {
  Divergence,  // another outcome than the reference's
  Failure,     // an engine's integrity check, or the end of its worker
  Death,       // the job that ran it died
};

// The releases of the suspect's engine that fail; empty: not looked at.
struct ReleaseRange {
  std::string first = {}, last = {};
  bool empty() const { return first.empty(); }
  friend bool operator==(const ReleaseRange&, const ReleaseRange&) = default;
  friend auto operator<=>(const ReleaseRange&, const ReleaseRange&) = default;
};
std::string RangeText(const ReleaseRange& range);  // "only 45.0.0", "31.0.0 to 43.0.0"

struct Signature {
  FindingKind kind = FindingKind::Divergence;
  std::string suspect = {};  // the engine's name without configuration; of deaths also another part
  // Divergence: where the reference was, and the classes on both sides; Nothing where the trace
  // had ended.
  trace::EventKind locus = trace::EventKind::Call;
  trace::OutcomeClass expected = {}, found = {};
  // Failure and Death: how. No failure of a death: the supervisor's reason is the message.
  std::optional<trace::FailureKind> failure = {};
  std::string message =
      {};  // of a failure or death; of a module that is rejected, the reason's class
  ReleaseRange releases = {};
  trace::Recurs recurs = trace::Recurs::EveryTime;  // of a failure behind a worker

  // What one run alone can show of it: without releases, and without how often.
  Signature Core() const;
  friend bool operator==(const Signature&, const Signature&) = default;
};

// Of a divergence: "other returns", "trap CastFailure instead of returns".
std::string DivergenceText(const Signature& signature);

// "wasmtime diverges: other returns (31.0.0 to 43.0.0)", "wasmtime panic: id from different slab
// (after other modules)".
std::string SignatureText(const Signature& signature);

// Lower-case letters, digits and dashes, for a folder's name.
std::string SignatureSlug(const Signature& signature);

}  // namespace slabhound::diff
