// What engines.def says of engines behind workers and their options.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/spec.h"

namespace slabhound::engine {

struct ProcessEngineInfo {
  EngineKind kind;
  std::string_view text, option_prefix;
  uint64_t gc_max;
  int exceptions_since;
  std::string_view description;
};
std::span<const ProcessEngineInfo> ProcessEngines();
// Requires: the engine is behind a worker.
const ProcessEngineInfo& InfoOf(EngineKind kind);

// The engine's form with every choice made. Without collections no places are drawn and no budget
// is a call; with them every second function's are, by the seed.
FormSpec FormOf(const EngineSpec& spec);

struct EngineOptionInfo {
  EngineKind kind;
  std::string_view name;
  std::string_view values;  // "": it takes none; "N": a whole number; "a|b": one of these words
  std::string_view description;
};
std::span<const EngineOptionInfo> EngineOptions();
// "opt=none|speed", as a user writes it.
std::string OptionUsage(const EngineOptionInfo& option);

// Whether the engine takes modules with exceptions.
bool TakesExceptions(const EngineSpec& spec);

}  // namespace slabhound::engine
