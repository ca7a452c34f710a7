#include "heap/fault.h"

#include <algorithm>
#include <array>

#include "heap/active_fault.h"

namespace slabhound::heap {
namespace {

// Behind Fault::None.
constexpr std::array kNames = {
#define SLABHOUND_FAULT(name, text, ...) std::string_view{text},
#include "heap/faults.def"
};

}  // namespace

bool FaultsCompiledIn() { return SLABHOUND_FAULTS; }

std::optional<Fault> FindFault(std::string_view name) {
  if (name == "none") return Fault::None;
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Fault>(found - kNames.begin() + 1);
}

std::string_view FaultName(Fault fault) {
  return fault == Fault::None ? "none" : kNames[static_cast<size_t>(fault) - 1];
}

std::string FaultNames() {
  std::string names;
  for (const std::string_view name : kNames) names += " " + std::string(name);
  return names;
}

}  // namespace slabhound::heap
