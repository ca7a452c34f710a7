// The fault catalogue: names, and whether this build can inject them (heap/active_fault.h is for
// the code that does).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace slabhound::heap {

enum class Fault : uint8_t {
  None,
#define SLABHOUND_FAULT(name, ...) name,
#include "heap/faults.def"
};

bool FaultsCompiledIn();
std::optional<Fault> FindFault(std::string_view name);
std::string_view FaultName(Fault fault);  // "none" for None
std::string FaultNames();                 // of all, each behind a space

}  // namespace slabhound::heap
