#include "upkeep/memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/subprocess.h"

namespace slabhound::upkeep {
namespace {

TEST(Memory, OfAProcessIsThatOfItsChildrenToo) {
  constexpr uint64_t kBytes = 64u << 20;
  // A shell whose child holds them.
  auto process = Subprocess::Start(
      {.command = {"sh", "-c",
                   "python3 -c 'x = bytearray(64 << 20); print(\"here\", flush=True); "
                   "import time; time.sleep(100)'; true"}});
  ASSERT_TRUE(process.has_value());
  std::array<uint8_t, 4> here{};
  ASSERT_TRUE(
      process->Read(here, Deadline(std::chrono::steady_clock::now() + std::chrono::seconds(20))));
  const std::array roots = {process->pid(), pid_t{1 << 30}};
  const auto bytes = BytesOfTrees(roots);
  EXPECT_GE(bytes.at(0), kBytes);
  EXPECT_LT(bytes.at(0), 2 * kBytes);
  EXPECT_EQ(bytes.at(1), 0u);
}

using Bytes3 = std::array<uint64_t, 3>;

TEST(MemoryBudget, RestartsTheLargestAndThenRunsFewer) {
  MemoryBudget budget(100, 3);
  EXPECT_EQ(budget.Look(0, Bytes3{40, 30, 30}), std::nullopt);
  EXPECT_EQ(budget.Look(2, Bytes3{30, 50, 30}), 1u);
  // It has time to end.
  EXPECT_EQ(budget.Look(4, Bytes3{30, 50, 30}), std::nullopt);
  EXPECT_EQ(budget.jobs(), 3u);
  // That helped for more than a minute.
  EXPECT_EQ(budget.Look(70, Bytes3{90, 20, 20}), 0u);
  EXPECT_EQ(budget.jobs(), 3u);
  EXPECT_EQ(budget.Look(90, Bytes3{40, 20, 50}), 2u);
  EXPECT_EQ(budget.jobs(), 2u);
  EXPECT_EQ(budget.Look(110, Bytes3{70, 50, 0}), 0u);
  EXPECT_EQ(budget.jobs(), 1u);
  EXPECT_FALSE(budget.is_hopeless());
  EXPECT_EQ(budget.Look(130, Bytes3{120, 0, 0}), 0u);
  EXPECT_EQ(budget.jobs(), 1u);
  EXPECT_TRUE(budget.is_hopeless());
}

TEST(MemoryBudget, RunsMoreAgainWhenAllIsCalm) {
  MemoryBudget budget(100, 2);
  budget.Look(0, Bytes3{80, 70, 0});
  budget.Look(20, Bytes3{80, 70, 0});
  EXPECT_EQ(budget.jobs(), 1u);
  budget.Look(600, Bytes3{50, 0, 0});
  EXPECT_EQ(budget.jobs(), 1u);
  budget.Look(630, Bytes3{50, 0, 0});
  EXPECT_EQ(budget.jobs(), 2u);
}

}  // namespace
}  // namespace slabhound::upkeep
