// Arena: the memory under a slab heap, reserved once and reused by many heaps one after another.
//
// 1. A reserved range of address space, cut into slabs of kSlabBytes; pages are touched only when
// used.
// 2. Release() zeroes what was used and nothing else: a run costs what it used (a page fault costs
// more than a memset). Not thread-safe.
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

  // Zeroes the first `used_bytes`. What lies beyond is zero already.
  void Release(size_t used_bytes);

 private:
  size_t bytes_;
  uint8_t* base_;
};

}  // namespace slabhound::heap
