// Flags that choose engines and their configurations, the same for every subcommand.
//
// 1. --engine takes a name (oracle, slab) or the whole text of engine::ParseEngine
//    (slab:mark_sweep:every-allocation); it may be repeated.
// 2. --collector, --gc and --fault fill what a slab engine's text leaves open.
// 3. Without --engine, --collector or --gc the subcommand's own engines run, with --fault; with
//    --collector or --gc alone, one slab engine of that configuration.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/spec.h"
#include "worker/lab.h"

namespace slabhound::cli {

struct EngineFlags {
  std::vector<std::string> engines;
  std::string collector, gc, fault;
  double time = 10;                          // CPU seconds that a real engine has for one run
  std::optional<double> time_per_call = {};  // and for each call of it
  std::string known = {};                    // a file of known rows
};

void AddEngineFlags(CLI::App& parser, EngineFlags& flags);
// Whether the case, or the subcommand, says which engines run.
inline bool ChooseNoEngine(const EngineFlags& flags) {
  return flags.engines.empty() && flags.collector.empty() && flags.gc.empty();
}

worker::WorkerLimits WorkerLimitsOf(const EngineFlags& flags);

// What runs are given: the day for avoid/known.def is today.
worker::Lab TodaysLab(const EngineFlags& flags);

// --known FILE: rows of a user's own (avoid/known_file.h).
void AddKnownFlag(CLI::App& parser, EngineFlags& flags);
// Reads them for the lab's runs; the error is one line.
Result<void, std::string> ReadKnownFlag(const EngineFlags& flags, worker::Lab& lab);

// The fault of that name ("" is none); the error is one line. A build without faults has none.
Result<heap::Fault, std::string> ParseFault(const std::string& name);

enum class MayBeDrawn : uint8_t { No, Yes };  // an engine whose configuration a campaign draws

// The engines that the flags ask for; the error is one line.
Result<std::vector<engine::EngineSpec>, std::string> SelectEngines(
    const EngineFlags& flags, const std::vector<engine::EngineSpec>& defaults,
    MayBeDrawn drawn = MayBeDrawn::No);
// The same for commands that compare: the first engine is the oracle, against which the others are
// held.
Result<std::vector<engine::EngineSpec>, std::string> SelectComparedEngines(
    const EngineFlags& flags, const std::vector<engine::EngineSpec>& defaults,
    MayBeDrawn drawn = MayBeDrawn::No);

}  // namespace slabhound::cli
