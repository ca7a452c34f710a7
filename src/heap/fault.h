// Which fault of the catalogue is active. A build without SLABHOUND_FAULTS has none: Active() is
// then constant false.
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

struct FaultInfo {
  Fault fault;
  std::string_view name, description;
};

#ifdef SLABHOUND_FAULTS
inline constexpr bool kFaultsCompiledIn = true;
#else
inline constexpr bool kFaultsCompiledIn = false;
#endif

// Whether `fault` is the injected one.
constexpr bool Active(Fault injected, Fault fault) {
  return kFaultsCompiledIn && injected == fault;
}

std::span<const FaultInfo> AllFaults();
std::optional<Fault> FindFault(std::string_view name);
std::string_view FaultName(Fault fault);  // "none" for None
std::string FaultNames();                 // of all, each behind a space

}  // namespace slabhound::heap
