// PooledArena: an arena lent by the thread's pool for the life of one heap.
//
// 1. A machine dies on the thread that made it, and its arena serves the next one there.
#pragma once

#include <memory>

#include "heap/arena.h"

namespace slabhound::exec {

class PooledArena {
 public:
  explicit PooledArena(uint64_t bytes);
  ~PooledArena();
  PooledArena(const PooledArena&) = delete;
  PooledArena& operator=(const PooledArena&) = delete;
  heap::Arena& get() { return *arena_; }

 private:
  std::unique_ptr<heap::Arena> arena_;
};

}  // namespace slabhound::exec
