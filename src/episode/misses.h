// Misses (misses.def): assertions that an engine does not pass, each explained. They are counted by
// name, in every summary, and are no failures.
#pragma once

#include <string_view>

#include "engine/spec.h"
#include "episode/episode.h"

namespace slabhound::episode {

struct Miss {
  std::string_view name;
  engine::EngineKind engine;
  std::string_view first_version, last_version;
  std::string_view script;  // a part of its path
  Instead instead;
  std::string_view words;  // a part of the engine's
  std::string_view reason;
};

// The row of a failure; null: it is not explained.
const Miss* FindMiss(engine::EngineKind engine, std::string_view version, std::string_view script,
                     const Note& failure);

}  // namespace slabhound::episode
