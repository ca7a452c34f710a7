#include "machine/linear_memory.h"

#include <bit>
#include <cstring>
#include <new>
#include <utility>

namespace slabhound::machine {

LinearMemory::LinearMemory(uint64_t bytes) : size_(bytes), buffer_(Take(bytes)) {}

LinearMemory::~LinearMemory() {
  if (buffer_.bytes != nullptr) GiveBack(std::move(buffer_));
}

void LinearMemory::Grow(uint64_t bytes) {
  if (bytes > buffer_.capacity()) {
    Buffer larger = Take(bytes);
    ForEachWritten([&](uint64_t start, ByteSpan chunk) {
      std::memcpy(larger.bytes.get() + start, chunk.data(), chunk.size());
      larger.written[start / kChunkBytes] = 1;
    });
    GiveBack(std::exchange(buffer_, std::move(larger)));
  }
  size_ = bytes;
}

std::vector<LinearMemory::Buffer>& LinearMemory::SpareBuffers() {
  thread_local std::vector<Buffer> spare;
  return spare;
}

// The smallest that is large enough, or a new one.
LinearMemory::Buffer LinearMemory::Take(uint64_t bytes) {
  std::vector<Buffer>& spare = SpareBuffers();
  auto best = spare.end();
  for (auto each = spare.begin(); each != spare.end(); ++each) {
    if (each->capacity() < bytes) continue;
    if (best == spare.end() || each->capacity() < best->capacity()) best = each;
  }
  if (best != spare.end()) {
    Buffer buffer = std::move(*best);
    spare.erase(best);
    return buffer;
  }
  constexpr uint64_t kCapacityMin = 64u << 10;
  const uint64_t capacity = std::bit_ceil(std::max(bytes, kCapacityMin));
  Buffer buffer{
      .bytes = std::unique_ptr<uint8_t, Free>(static_cast<uint8_t*>(std::calloc(capacity, 1))),
      .written = std::vector<uint8_t>(capacity / kChunkBytes)};
  if (buffer.bytes == nullptr) throw std::bad_alloc();
  return buffer;
}

void LinearMemory::GiveBack(Buffer buffer) {
  constexpr size_t kSpareMax = 8;
  constexpr uint64_t kSpareBytesMax = 4u << 20;  // of one
  std::vector<Buffer>& spare = SpareBuffers();
  if (spare.size() == kSpareMax || buffer.capacity() > kSpareBytesMax) return;
  for (uint64_t chunk = 0; chunk < buffer.written.size(); ++chunk) {
    if (buffer.written[chunk] == 0) continue;
    std::memset(buffer.bytes.get() + chunk * kChunkBytes, 0, kChunkBytes);
    buffer.written[chunk] = 0;
  }
  spare.push_back(std::move(buffer));
}

}  // namespace slabhound::machine
