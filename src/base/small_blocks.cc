#include "base/small_blocks.h"

#if SLABHOUND_SMALL_BLOCKS
#include <malloc.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace slabhound {
namespace {

constexpr size_t kPageBytes = 64u << 10, kRangeBytes = size_t{16} << 30;
constexpr size_t kPages = kRangeBytes / kPageBytes;
constexpr size_t kFineClasses = kFineBlockBytesMax / kSmallBlockStepBytes + 1;
constexpr size_t kClasses =
    kFineClasses + std::bit_width(kSmallBlockBytesMax / kFineBlockBytesMax) - 1;
// Before there is a range: no address of this process is so near behind it.
constexpr uintptr_t kNowhere = uintptr_t{1} << 63;

constexpr size_t ClassOf(size_t bytes) {
  if (bytes == 0) return 1;
  if (bytes <= kFineBlockBytesMax) return (bytes - 1) / kSmallBlockStepBytes + 1;
  return kFineClasses - 1 + std::bit_width((bytes - 1) / kFineBlockBytesMax);
}
constexpr size_t BytesOf(size_t index) {
  if (index < kFineClasses) return index * kSmallBlockStepBytes;
  return kFineBlockBytesMax << (index - kFineClasses + 1);
}
static_assert(BytesOf(ClassOf(kSmallBlockBytesMax)) == kSmallBlockBytesMax);
static_assert(ClassOf(kSmallBlockBytesMax) == kClasses - 1);

struct FreeBlock {
  FreeBlock* next;
};
struct Class {
  FreeBlock* free;
  uint8_t *unused, *unused_end;  // in the page that it began last
};

constinit std::atomic<uintptr_t> range = kNowhere;
constinit std::atomic<size_t> pages_taken = 0;
constinit std::array<uint8_t, kPages> class_of_page = {};
constinit thread_local std::array<Class, kClasses> classes = {};

// Nothing is counted as this process's data until a page is taken.
bool Reserve() {
  constexpr int kMappedBytesMin = 32 << 20;  // what is larger is mapped alone, and given back
  mallopt(M_TRIM_THRESHOLD, kKeptBytesMax);
  mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  void* mapped =
      mmap(nullptr, kRangeBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return false;
  range = reinterpret_cast<uintptr_t>(mapped);
  return true;
}

bool TakePage(size_t index) {
  static const bool is_reserved = Reserve();
  if (!is_reserved || pages_taken >= kPages) return false;
  const size_t page = pages_taken++;
  if (page >= kPages) return false;
  auto* begin = reinterpret_cast<uint8_t*>(range + page * kPageBytes);
  if (mprotect(begin, kPageBytes, PROT_READ | PROT_WRITE) != 0) return false;
  class_of_page[page] = static_cast<uint8_t>(index);
  classes[index].unused = begin;
  classes[index].unused_end = begin + kPageBytes;
  return true;
}

void* AllocateLarge(size_t bytes) {
  void* block = std::malloc(bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

[[gnu::noinline]] void* AllocateUnused(size_t index) {
  const size_t bytes = BytesOf(index);
  Class& own = classes[index];
  if (static_cast<size_t>(own.unused_end - own.unused) < bytes && !TakePage(index)) {
    return AllocateLarge(bytes);
  }
  void* block = own.unused;
  own.unused += bytes;
  return block;
}

void* Allocate(size_t bytes) {
  if (bytes > kSmallBlockBytesMax) [[unlikely]]
    return AllocateLarge(bytes);
  const size_t index = ClassOf(bytes);
  FreeBlock*& free = classes[index].free;
  if (free == nullptr) [[unlikely]]
    return AllocateUnused(index);
  void* block = free;
  free = free->next;
  return block;
}

void Free(void* block) {
  const size_t offset = reinterpret_cast<uintptr_t>(block) - range.load(std::memory_order_relaxed);
  if (offset >= kRangeBytes) return std::free(block);  // null too
  FreeBlock*& free = classes[class_of_page[offset / kPageBytes]].free;
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = free;
  free = freed;
}

}  // namespace
}  // namespace slabhound

void* operator new(size_t bytes) { return slabhound::Allocate(bytes); }
void operator delete(void* block) noexcept { slabhound::Free(block); }
void operator delete(void* block, size_t) noexcept { slabhound::Free(block); }
#endif
