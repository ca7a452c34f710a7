#include "machine/outcome.h"

#include <array>

namespace slabhound::machine {
namespace {

struct Row {
  std::string_view name, phrase;
};
constexpr std::array kTraps = {
#define SLABHOUND_TRAP(name, phrase) Row{#name, phrase},
#include "machine/traps.def"
};
constexpr std::array<std::string_view, 6> kResources = {"fuel",        "call-depth", "object-size",
                                                        "huge-object", "heap",       "instruction"};

}  // namespace

std::string_view TrapName(TrapKind kind) { return kTraps[static_cast<size_t>(kind)].name; }
std::string_view TrapPhrase(TrapKind kind) { return kTraps[static_cast<size_t>(kind)].phrase; }
std::string_view ResourceName(Resource resource) {
  return kResources[static_cast<size_t>(resource)];
}

}  // namespace slabhound::machine
