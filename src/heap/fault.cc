#include "heap/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "heap/active_fault.h"

namespace slabhound::heap {
namespace {

// Behind Fault::None.
constexpr std::array kCatalogue = {
#define SLABHOUND_FAULT(name, ...) FaultInfo{Fault::name, __VA_ARGS__},
#include "heap/faults.def"
};

const FaultInfo& InfoOf(Fault fault) { return kCatalogue[static_cast<size_t>(fault) - 1]; }

// Of the process: a run's machines come one after another, and a catalogue is a whole build's.
std::array<FaultCount, kCatalogue.size() + 1> counts;

}  // namespace

std::span<const FaultInfo> FaultCatalogue() { return kCatalogue; }

bool FaultsCompiledIn() { return SLABHOUND_FAULTS; }

std::optional<Fault> FindFault(std::string_view name) {
  if (name == "none") return Fault::None;
  const auto found = std::ranges::find(kCatalogue, name, &FaultInfo::name);
  if (found == kCatalogue.end()) return std::nullopt;
  return found->fault;
}

std::string_view FaultName(Fault fault) {
  return fault == Fault::None ? "none" : InfoOf(fault).name;
}

std::string FaultNames() {
  std::string names;
  for (const FaultInfo& info : kCatalogue) names += " " + std::string(info.name);
  return names;
}

FaultCount CountOf(Fault fault) { return counts[static_cast<size_t>(fault)]; }
void ResetFaultCounts() { counts.fill({}); }

std::string FaultCountText(Fault fault) {
  const FaultCount count = CountOf(fault);
  return fmt::format("fault {} {}: reached {}, triggered {}", InfoOf(fault).number,
                     InfoOf(fault).name, count.reached, count.triggered);
}

#if SLABHOUND_FAULTS
bool CountActive(Fault fault, bool differs) {
  FaultCount& count = counts[static_cast<size_t>(fault)];
  ++count.reached;
  count.triggered += differs ? 1 : 0;
  return differs;
}
#endif

}  // namespace slabhound::heap
