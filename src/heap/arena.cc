#include "heap/arena.h"

#include <sys/mman.h>

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
  // Giving pages back is dear: only what no ordinary run touches goes.
  constexpr size_t kKeptBytes = 4u << 20;
  if (used_bytes > kKeptBytes) {
    CHECK(madvise(base_ + kKeptBytes, used_bytes - kKeptBytes, MADV_DONTNEED) == 0);
  }
}

}  // namespace slabhound::heap
