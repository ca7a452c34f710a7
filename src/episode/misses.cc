#include "episode/misses.h"

#include <algorithm>

#include "avoid/known.h"

namespace slabhound::episode {
namespace {

constexpr Miss kMisses[] = {
#define SLABHOUND_MISS(name, of, first, last, script, instead, words, reason) \
  {name, engine::EngineKind::of, first, last, script, Instead::instead, words, reason},
#include "episode/misses.def"
};

}  // namespace

const Miss* FindMiss(engine::EngineKind engine, std::string_view version, std::string_view script,
                     const Note& failure) {
  const auto* found = std::ranges::find_if(kMisses, [&](const Miss& miss) {
    return miss.engine == engine &&
           avoid::VersionWithin(version, miss.first_version, miss.last_version) &&
           script.find(miss.script) != std::string_view::npos && failure.instead == miss.instead &&
           failure.words.find(miss.words) != std::string::npos;
  });
  return found == std::end(kMisses) ? nullptr : found;
}

}  // namespace slabhound::episode
