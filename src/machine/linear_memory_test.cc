#include "machine/linear_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace slabhound::machine {
namespace {

constexpr uint64_t kPage = 65536;
constexpr uint64_t kChunk = LinearMemory::kChunkBytes;

bool IsZero(ByteSpan bytes) {
  return std::ranges::all_of(bytes, [](uint8_t byte) { return byte == 0; });
}

std::vector<uint64_t> Written(const LinearMemory& memory) {
  std::vector<uint64_t> starts;
  memory.ForEachWritten([&](uint64_t start, ByteSpan) { starts.push_back(start); });
  return starts;
}

TEST(LinearMemory, BeginsWithZerosWhateverTheOneBeforeHeld) {
  for (int round = 0; round < 3; ++round) {
    LinearMemory memory(2 * kPage);
    ASSERT_EQ(memory.size(), 2 * kPage);
    EXPECT_TRUE(IsZero(memory.bytes()));
    EXPECT_TRUE(Written(memory).empty());
    std::memset(memory.Writable(0, memory.size()), 7, memory.size());
    EXPECT_EQ(Written(memory).size(), memory.size() / kChunk);
  }
}

TEST(LinearMemory, NotesTheChunksThatAreWritten) {
  LinearMemory memory(kPage);
  memory.Writable(0, 0);
  memory.Writable(kPage, 0);
  EXPECT_TRUE(Written(memory).empty());
  memory.Writable(kChunk - 1, 1);
  EXPECT_EQ(Written(memory), (std::vector<uint64_t>{0}));
  memory.Writable(3 * kChunk - 1, 2);
  EXPECT_EQ(Written(memory), (std::vector<uint64_t>{0, 2 * kChunk, 3 * kChunk}));
  memory.Writable(kPage - 1, 1);
  EXPECT_EQ(Written(memory).back(), kPage - kChunk);
}

TEST(LinearMemory, KeepsItsBytesAndNotesWhereItGrows) {
  LinearMemory memory(kPage);
  *memory.Writable(5 * kChunk, 1) = 9;
  for (const uint64_t pages : {2, 3, 40}) {
    memory.Grow(pages * kPage);
    ASSERT_EQ(memory.size(), pages * kPage);
    EXPECT_EQ(memory.bytes()[5 * kChunk], 9);
    EXPECT_EQ(Written(memory), (std::vector<uint64_t>{5 * kChunk}));
    EXPECT_TRUE(IsZero(memory.bytes().subspan(5 * kChunk + 1)));
  }
}

TEST(LinearMemory, ManyAtOnceAreApart) {
  std::vector<LinearMemory> memories;
  for (uint8_t i = 0; i < 20; ++i) {
    memories.emplace_back(kPage);
    *memories.back().Writable(i, 1) = i;
  }
  for (uint8_t i = 0; i < 20; ++i) EXPECT_EQ(memories[i].bytes()[i], i);
  EXPECT_EQ(LinearMemory(0).size(), 0u);
}

}  // namespace
}  // namespace slabhound::machine
