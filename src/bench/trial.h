// One trial: cases of one generator and seed, with one fault in the slab engines, until one of them
// shows it.
//
// 1. Cases are those of a campaign (campaign/case_run.h), from number 0 on, one after another, in
//    child processes: one that dies of a case has found it. A generator's own crash costs a case.
// 2. It ends at its first finding, whatever that is, or when a bound is reached: it is censored
//    then. What comes from outside (somebody's kill, no more processes) lets it die.
// 3. Time is CPU time of the children: of generating, running and comparing.
// 4. Module numbers, counts and the finding follow from (fault, seed, generator, engines). CPU
//    seconds, and so which trials are censored by them, do not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/signal.h"
#include "campaign/case_run.h"
#include "engine/spec.h"
#include "gen/generate.h"
#include "heap/fault.h"

namespace slabhound::bench {

struct Bounds {
  double cpu_seconds = 60;
  uint64_t modules = 0;  // 0: none
  friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct Trial {
  heap::Fault fault = heap::Fault::None;
  uint64_t seed = 1;
  gen::Generator generator = gen::Generator::Slabhound;
  std::vector<engine::EngineSpec> engines;  // the first is the reference; without faults
  Bounds bounds = {};

  // As a campaign with that fault has it.
  campaign::CaseRun Cases() const;
};

enum class Outcome : uint8_t { Detected, Censored, Died };
std::string_view OutcomeName(Outcome outcome);  // "detected", "censored", "died"

// When something first happened. `modules` counts those until then, with that one; 0: never.
struct Moment {
  uint64_t modules = 0;
  double cpu_seconds = 0;
  friend bool operator==(const Moment&, const Moment&) = default;
};

// Of something that happens again and again.
struct Sightings {
  uint64_t count = 0;
  Moment first = {};
  friend bool operator==(const Sightings&, const Sightings&) = default;
};

struct TrialResult {
  Outcome outcome = Outcome::Censored;
  Moment end = {};  // of a detection: its own
  // Of the fault. With a process that dies, what its last case counted is lost: its death stands
  // for one of each.
  Sightings reached = {}, triggered = {};
  uint64_t generator_crashes = 0;
  // Of a detection.
  Signal signal = Signal::Wrong;
  std::string symptom = {};  // diff::SignatureText; of one that died, why
  std::string suspect = {};  // the engine
  friend bool operator==(const TrialResult&, const TrialResult&) = default;
};

TrialResult RunTrial(const Trial& trial);

}  // namespace slabhound::bench
