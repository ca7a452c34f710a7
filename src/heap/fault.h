// The fault catalogue: its rows, whether this build can inject them, and what the injected ones did
// (heap/active_fault.h is for the code that carries one).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace slabhound::heap {

enum class Fault : uint8_t {
  None,
#define SLABHOUND_FAULT(name, ...) name,
#include "heap/faults.def"
};

// A row of heap/faults.def, where the columns are explained.
struct FaultInfo {
  Fault fault;
  std::string_view name, number, models, room, collectors, checked, unchecked, text;
};
std::span<const FaultInfo> FaultCatalogue();

bool FaultsCompiledIn();
std::optional<Fault> FindFault(std::string_view name);
std::string_view FaultName(Fault fault);  // "none" for None
std::string FaultNames();                 // of all, each behind a space

// What a fault did in this process since the last reset: how often execution came to where it acts,
// and how often it acted otherwise than is right. Always 0 in a build without faults.
struct FaultCount {
  uint64_t reached = 0, triggered = 0;
};
FaultCount CountOf(Fault fault);
void ResetFaultCounts();
// "fault F05 root-runtime-global: reached 3, triggered 1"; requires a fault.
std::string FaultCountText(Fault fault);

}  // namespace slabhound::heap
