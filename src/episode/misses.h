// Misses (misses.def): assertions that an engine does not pass, each explained. They are counted by
// name, in every summary, and are no failures.
#pragma once

#include <string_view>

#include "engine/spec.h"

namespace slabhound::episode {

struct Miss {
  std::string_view name;
  engine::EngineKind engine;
  std::string_view first_version, last_version;
  std::string_view script, message;  // parts of the script's path and of the failure's line
  std::string_view reason;
};

// The row of a failure; null: it is not explained.
const Miss* FindMiss(engine::EngineKind engine, std::string_view version, std::string_view script,
                     std::string_view message);

}  // namespace slabhound::episode
