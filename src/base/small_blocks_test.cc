#include "base/small_blocks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

namespace slabhound {
namespace {

struct Delete {
  void operator()(void* block) const { ::operator delete(block); }
};
using Block = std::unique_ptr<void, Delete>;

Block New(size_t bytes) { return Block(::operator new(bytes)); }

TEST(SmallBlocks, OfAnySizeAreApartAndAligned) {
  std::vector<std::pair<Block, size_t>> blocks;
  for (int round = 0; round < 3; ++round) {
    for (size_t bytes = 0; bytes <= kSmallBlockBytesMax + 400; bytes += 1 + bytes / 100) {
      Block block = New(bytes);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(block.get()) % kSmallBlockStepBytes, 0u);
      std::memset(block.get(), static_cast<int>(bytes % 251), bytes);
      blocks.emplace_back(std::move(block), bytes);
    }
    // Half of them come and go.
    for (size_t i = 0; round < 2 && i < blocks.size(); i += 2) blocks[i] = {New(1), 0};
  }
  for (const auto& [block, bytes] : blocks) {
    const auto* begin = static_cast<const uint8_t*>(block.get());
    for (size_t i = 0; i < bytes; ++i) ASSERT_EQ(begin[i], bytes % 251);
  }
}

#if SLABHOUND_SMALL_BLOCKS
TEST(SmallBlocks, AFreedOneIsTheNextOfItsSize) {
  for (const size_t bytes :
       {size_t{1}, size_t{40}, kFineBlockBytesMax, size_t{1025}, kSmallBlockBytesMax}) {
    Block first = New(bytes), second = New(bytes);
    const void* was = first.get();
    EXPECT_NE(was, second.get());
    first.reset();
    EXPECT_EQ(New(bytes).get(), was) << bytes;
  }
}
#endif

TEST(SmallBlocks, AnyThreadMayFreeThem) {
  std::vector<Block> blocks;
  std::thread([&blocks] {
    for (int i = 0; i < 10'000; ++i) blocks.push_back(New(static_cast<size_t>(i) % 300));
  }).join();
  blocks.clear();
  const Block again = New(48);
  std::memset(again.get(), 1, 48);
}

}  // namespace
}  // namespace slabhound
