#include "ledger/number_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace slabhound::ledger {
namespace {

TEST(NumberSet, JoinsWhatTouches) {
  NumberSet set;
  EXPECT_EQ(set.Add(NumberRange{10, 20}), (NumberRange{10, 20}));
  EXPECT_EQ(set.Add(NumberRange{30, 40}), (NumberRange{30, 40}));
  EXPECT_EQ(set.Add(NumberRange{20, 30}), (NumberRange{10, 40}));
  EXPECT_EQ(set.ranges().size(), 1U);
  EXPECT_EQ(set.size(), 30U);
}

TEST(NumberSet, TellsGaps) {
  NumberSet set;
  EXPECT_EQ(set.GapFrom(5), (NumberRange{5, UINT64_MAX}));
  set.Add(NumberRange{0, 8});
  set.Add(NumberRange{16, 24});
  EXPECT_EQ(set.GapFrom(0), (NumberRange{8, 16}));
  EXPECT_EQ(set.GapFrom(10), (NumberRange{10, 16}));
  EXPECT_EQ(set.GapFrom(16), (NumberRange{24, UINT64_MAX}));
}

RC_GTEST_PROP(NumberSet, IsTheSetOfItsNumbers, ()) {
  NumberSet set;
  std::set<uint64_t> numbers;
  const auto count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    const auto first = *rc::gen::inRange<uint64_t>(0, 60);
    const auto past = first + *rc::gen::inRange<uint64_t>(1, 9);
    for (uint64_t number = first; number < past; ++number) numbers.insert(number);
    const NumberRange whole = set.Add(NumberRange{first, past});
    RC_ASSERT(whole.first <= first && past <= whole.past);
  }
  RC_ASSERT(set.size() == numbers.size());
  for (uint64_t number = 0; number < 70; ++number) {
    RC_ASSERT(set.Contains(number) == numbers.contains(number));
    RC_ASSERT(numbers.contains(number) || set.GapFrom(number).first == number);
  }
}

}  // namespace
}  // namespace slabhound::ledger
