#include "exec/pooled_arena.h"

#include <algorithm>
#include <vector>

namespace slabhound::exec {
namespace {

// Arenas are reserved once and used by one machine after another: fresh pages are what costs.
// Those kept are as many as a thread had machines at once, which is few.
std::vector<std::unique_ptr<heap::Arena>>& SpareArenas() {
  thread_local std::vector<std::unique_ptr<heap::Arena>> spare;
  return spare;
}

}  // namespace

PooledArena::PooledArena(uint64_t bytes) {
  constexpr uint64_t kBytesMin = 64u << 20;
  auto& spare = SpareArenas();
  const auto fits = [&](const auto& arena) { return arena->bytes() >= bytes; };
  if (const auto found = std::ranges::find_if(spare, fits); found != spare.end()) {
    arena_ = std::move(*found);
    spare.erase(found);
  } else {
    arena_ = std::make_unique<heap::Arena>(std::max(bytes, kBytesMin));
  }
}

PooledArena::~PooledArena() { SpareArenas().push_back(std::move(arena_)); }

}  // namespace slabhound::exec
