#include "heap/fault.h"

#include <algorithm>
#include <array>

#include "heap/active_fault.h"

namespace slabhound::heap {
namespace {

constexpr std::array kFaults = {
#define SLABHOUND_FAULT(name, text, description) FaultInfo{Fault::name, text, description},
#include "heap/faults.def"
};

}  // namespace

bool FaultsCompiledIn() { return SLABHOUND_FAULTS; }

std::span<const FaultInfo> AllFaults() { return kFaults; }

std::optional<Fault> FindFault(std::string_view name) {
  if (name == "none") return Fault::None;
  const auto found = std::ranges::find(kFaults, name, &FaultInfo::name);
  if (found == kFaults.end()) return std::nullopt;
  return found->fault;
}

std::string_view FaultName(Fault fault) {
  return fault == Fault::None ? "none" : kFaults[static_cast<size_t>(fault) - 1].name;
}

std::string FaultNames() {
  std::string names;
  for (const FaultInfo& fault : kFaults) names += " " + std::string(fault.name);
  return names;
}

}  // namespace slabhound::heap
