// LinearMemory: the bytes of one memory of a machine.
//
// 1. Bytes change only through Writable, which notes their chunks: all other chunks are zero. So a
//    run clears and hashes what it wrote, and not the rest.
// 2. Buffers are lent by the thread's pool and are zero there: a memory dies on the thread that
//    made it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/bytes.h"

namespace slabhound::machine {

class LinearMemory {
 public:
  static constexpr uint64_t kChunkBytes = 4096;

  explicit LinearMemory(uint64_t bytes);
  ~LinearMemory();
  LinearMemory(LinearMemory&& other) noexcept = default;
  LinearMemory& operator=(LinearMemory&& other) noexcept = default;

  uint64_t size() const { return size_; }
  const uint8_t* data() const { return buffer_.bytes.get(); }
  ByteSpan bytes() const { return {data(), size_}; }

  // Requires: start + count <= size.
  uint8_t* Writable(uint64_t start, uint64_t count) {
    uint8_t* first = buffer_.bytes.get() + start;
    if (count == 0) return first;
    const uint64_t last_chunk = (start + count - 1) / kChunkBytes;
    for (uint64_t chunk = start / kChunkBytes; chunk <= last_chunk; ++chunk)
      buffer_.written[chunk] = 1;
    return first;
  }

  // Requires: it is not smaller then.
  void Grow(uint64_t bytes);

  // Calls visit(start, bytes) for each chunk that may have a byte that is not zero, ascending.
  template <typename Visit>
  void ForEachWritten(Visit visit) const {
    for (uint64_t start = 0; start < size_; start += kChunkBytes) {
      if (buffer_.written[start / kChunkBytes] == 0) continue;
      visit(start, bytes().subspan(start, std::min(kChunkBytes, size_ - start)));
    }
  }

 private:
  struct Free {
    void operator()(uint8_t* bytes) const { std::free(bytes); }
  };
  struct Buffer {
    std::unique_ptr<uint8_t, Free> bytes;
    std::vector<uint8_t> written;  // by chunk
    uint64_t capacity() const { return written.size() * kChunkBytes; }
  };

  static std::vector<Buffer>& SpareBuffers();
  static Buffer Take(uint64_t bytes);
  static void GiveBack(Buffer buffer);

  uint64_t size_;
  Buffer buffer_;
};

}  // namespace slabhound::machine
