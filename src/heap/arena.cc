#include "heap/arena.h"

#include <sys/mman.h>

#include <cstring>

#include "base/check.h"

namespace slabhound::heap {

Arena::Arena(size_t bytes) : bytes_(bytes) {
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  CHECK(mapped != MAP_FAILED);
  base_ = static_cast<uint8_t*>(mapped);
}

Arena::~Arena() { munmap(base_, bytes_); }

void Arena::Release(size_t used_bytes) {
  // Giving pages back is dearer than zeroing them, up to a size that no ordinary run reaches.
  constexpr size_t kZeroBytesMax = 4u << 20;
  if (used_bytes <= kZeroBytesMax) {
    std::memset(base_, 0, used_bytes);
  } else {
    CHECK(madvise(base_, used_bytes, MADV_DONTNEED) == 0);
  }
}

}  // namespace slabhound::heap
