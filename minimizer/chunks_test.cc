// How many candidates changes of one kind cost: none of them is worth a chunk too many.
#include <gtest/gtest.h>

#include <algorithm>

#include "minimizer/case.h"
#include "minimizer/proposals.h"

namespace slabhound::minimizer {
namespace {

// A module of so many data segments.
testcase::TestCase CaseOfDatas(size_t count) {
  testcase::TestCase test_case;
  test_case.module.datas.resize(count);
  return test_case;
}

// Drops data segments; `needed` say which must stay.
struct Trial {
  uint64_t asked = 0;
  size_t left = 0;
};
Trial Drop(size_t count, const std::vector<size_t>& needed, const Round& round = {}) {
  testcase::TestCase base = CaseOfDatas(count);
  for (size_t i = 0; i < count; ++i) base.module.datas[i].bytes = {static_cast<uint8_t>(i)};
  Trial trial;
  const Predicate predicate = [&](const testcase::TestCase& each) {
    ++trial.asked;
    size_t found = 0;
    for (const wasm::DataSegment& data : each.module.datas) {
      for (const size_t i : needed) found += data.bytes[0] == i ? 1 : 0;
    }
    return found == needed.size();
  };
  const Options options;
  Reduction reduction(base, predicate, options);
  reduction.StartRound(round);
  TrySubsets(reduction, count, 4, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    for (size_t k = chosen.size(); k-- > 0;) {
      candidate.module.datas.erase(candidate.module.datas.begin() +
                                   static_cast<ptrdiff_t>(chosen[k]));
    }
    return candidate;
  });
  trial.left = reduction.module().datas.size();
  return trial;
}

TEST(Chunks, WhereAllMustStayAThirdMoreThanTheChangesIsTried) {
  std::vector<size_t> all;
  for (size_t i = 0; i < 64; ++i) all.push_back(i);
  const Trial trial = Drop(64, all);
  EXPECT_EQ(trial.left, 64u);
  EXPECT_EQ(trial.asked, 64u + 16 + 4 + 1);
}

TEST(Chunks, WhereFewMustStayFewAreTried) {
  const Trial trial = Drop(64, {5, 40});
  EXPECT_EQ(trial.left, 2u);
  EXPECT_LE(trial.asked, 1u + 4 + 8 + 8);
  EXPECT_EQ(Drop(64, {}).asked, 1u);
}

TEST(Chunks, AKindThatFailsWaits) {
  std::vector<size_t> all;
  for (size_t i = 0; i < 64; ++i) all.push_back(i);
  EXPECT_EQ(Drop(64, all, {.failures_max = 8}).asked, 8u);
}

TEST(Chunks, OneHeavyChangeIsTriedAlone) {
  for (const size_t heavy : {0u, 1u, 2u, 6u}) {
    std::vector<uint64_t> weights(7, 1);
    weights[heavy] = 1'000;
    std::vector<std::vector<size_t>> made;
    const Predicate none = [](const testcase::TestCase&) { return false; };
    const Options options;
    Reduction reduction(CaseOfDatas(7), none, options);
    TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
      made.push_back(chosen);
      return CaseOfDatas(0);
    });
    for (size_t i = 0; i < 7; ++i) {
      EXPECT_NE(std::ranges::find(made, std::vector{i}), made.end()) << heavy << " " << i;
    }
  }
}

}  // namespace
}  // namespace slabhound::minimizer
