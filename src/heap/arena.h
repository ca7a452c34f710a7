// Arena: the memory under a slab heap, reserved once and reused by many heaps one after another.
//
// 1. A reserved range of address space, cut into slabs of kSlabBytes; pages are touched only when
//    used.
// 2. Its bytes are whatever an earlier heap left: a heap zeroes each object as it allocates it, so
//    that a run costs what it used.
// Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>

namespace slabhound::heap {

class Arena {
 public:
  explicit Arena(size_t bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  size_t bytes() const { return bytes_; }
  uint8_t* base() { return base_; }

  // The first `used_bytes` were used; pages beyond an ordinary run's are given back.
  void Release(size_t used_bytes);

 private:
  size_t bytes_;
  uint8_t* base_;
};

}  // namespace slabhound::heap
