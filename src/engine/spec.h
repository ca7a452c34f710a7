// Which engine runs a test case, and in which configuration. Nothing here runs one.
//
// 1. A specification has one text, the same in flags, findings and commands:
//    oracle
//    slab[:COLLECTOR[:SCHEDULE[:WORD…]]]   as in slab:mark_sweep:every-allocation; WORD is a fault
//                                          or a setting of heap/settings.def
//    slab:drawn-N[:FAULT]                  in a campaign: drawn for each case (draw.h), stream N
//    NAME[@VERSION][:OPTION,OPTION…]       as in wasmtime@31.0.0:opt=speed,points=1
//    worker[\[OPTION,OPTION…\]]:COMMAND LINE  as in worker[gc=full]:node my_worker.mjs
//    command:COMMAND LINE                  a plain command, with {} for the file
//    ParseEngine is the only reader of it: what an engine has stands in engines.def, and anything
//    else is an error that lists it. EngineText writes it, options in the order of that table.
// 2. Options about the portable form are ours (FormSpec); all others are the worker's arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gc/schedule.h"
#include "heap/fault.h"
#include "heap/settings.h"

namespace slabhound::engine {

enum class EngineKind : uint8_t {
#define SLABHOUND_ENGINE(name, ...) name,
#define SLABHOUND_PROCESS_ENGINE(name, ...) name,
#include "engine/engines.def"
};

// A collection that an engine behind a worker is asked for.
enum class Collection : uint8_t { None, Minor, Full };
std::string_view CollectionName(Collection kind);
std::optional<Collection> FindCollection(std::string_view name);

// Which functions of a portable form have budgets that are calls, so that their blocks stay whole:
// by the parity of their indices.
enum class Straight : uint8_t { None, All, Even, Odd };
std::string_view StraightName(Straight which);
std::optional<Straight> FindStraight(std::string_view name);

struct SlabSpec {
  gc::CollectorKind collector = gc::CollectorKind::MarkSweep;
  gc::Schedule schedule = {};
  heap::Fault fault = heap::Fault::None;
  heap::Settings settings = {};
  std::optional<uint32_t> drawn = {};  // the stream; the rest is open but for the fault
  friend bool operator==(const SlabSpec&, const SlabSpec&) = default;
};

// How a case's portable form is made for an engine behind a worker. What is not set is the engine's
// default.
struct FormSpec {
  std::optional<Collection> gc = {};
  std::optional<uint32_t> points = {};    // one of so many places collects; 0: none does
  std::optional<uint32_t> seed = {};      // which ones
  std::optional<Straight> straight = {};  // unset: see FormOf in info.h
  // Forced collections in each call of the plan at most. Not set: the whole run has the number of
  // engines.def.
  std::optional<uint32_t> collections = {};
  uint32_t one_case_in = 1;  // of a campaign's cases, one in so many collects (OfCase)
  bool known = true;         // false: no row of avoid/known.def holds, avoidances too
  friend bool operator==(const FormSpec&, const FormSpec&) = default;
};

// A row of engines.def about an option: its place in the table of options, and its value.
struct EngineOption {
  uint32_t row = 0;
  std::string value = {};  // empty: it has none
  friend bool operator==(const EngineOption&, const EngineOption&) = default;
};

struct EngineSpec {
  EngineKind kind = EngineKind::Oracle;
  SlabSpec slab = {};                      // of the slab engine
  std::string version = {};                // of an engine behind a worker; may be empty, or "all"
  FormSpec form = {};                      // likewise
  std::vector<EngineOption> options = {};  // likewise, by row
  std::string command = {};                // of Worker and Command
  friend bool operator==(const EngineSpec&, const EngineSpec&) = default;
};

inline bool InProcess(const EngineSpec& spec) {
  return spec.kind == EngineKind::Oracle || spec.kind == EngineKind::Slab;
}
std::string_view EngineName(const EngineSpec& spec);  // without its configuration and version
// The same engine and version without any option.
EngineSpec Bare(const EngineSpec& spec);
// The engine as a case of a campaign gets it, which drew that number. Where `collections` is set,
// one case in `one_case_in` collects, at places that follow from the number: few of them, or many,
// so that the first ones of a call do not use up what there is. What the text says of places stays.
EngineSpec OfCase(const EngineSpec& spec, uint64_t draw);
// Whether what its text leaves open differs from case to case, so that only a campaign can run it.
inline bool IsDrawn(const EngineSpec& spec) { return spec.slab.drawn.has_value(); }

std::string EngineText(const EngineSpec& spec);
// The text of what its process is: how forms are made left out.
std::string ProcessText(const EngineSpec& spec);
// `slab` is what a slab engine gets for the parts that its text leaves open. The error is one line.
Result<EngineSpec, std::string> ParseEngine(std::string_view text, const SlabSpec& slab = {});
// The engine with these options, written as behind the colon, instead of its own. Requires: an
// engine behind a worker that has options.
Result<EngineSpec, std::string> WithOptions(const EngineSpec& spec, std::string_view options);

// Oracle, and slab with mark_sweep under explicit, every-allocation and every-safepoint
// collections.
std::vector<EngineSpec> DefaultEngines(heap::Fault fault = heap::Fault::None);
// What a campaign runs where nothing is said: oracle, and slab with three drawn configurations.
std::vector<EngineSpec> CampaignEngines(heap::Fault fault = heap::Fault::None);

}  // namespace slabhound::engine
