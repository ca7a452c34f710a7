// Names of symptoms follow from the set of them.
#include "join/identity.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace slabhound::join {
namespace {

TEST(Identity, LeavesOutTheNumberOfAStore) {
  EXPECT_EQ(BaseOf("slab-panic-stale-id-0123456789ab"), "slab-panic-stale-id-0123456789ab");
  EXPECT_EQ(BaseOf("slab-panic-stale-id-0123456789ab-12"), "slab-panic-stale-id-0123456789ab");
  for (const char* other : {"", "-", "known:row", "known:row-2", "x-2", "x-0123456789ab-", "-3",
                            "x-0123456789ag-2", "x-0123456789ab-1234567890123"}) {
    EXPECT_EQ(BaseOf(other), other);
  }
}

RC_GTEST_PROP(Identity, NamesAreDistinctAndNamedTheSameAgain, ()) {
  std::set<Identity> identities;
  const auto causes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20));
  for (const int cause : causes) {
    identities.insert({cause % 2 == 0 ? "even-000000000000" : "odd-000000000000",
                       cause < 2 ? "" : std::to_string(cause)});
  }
  const Names names = NamesOf(identities);
  std::set<std::string> seen;
  for (const auto& [identity, name] : names) {
    RC_ASSERT(BaseOf(name) == identity.base);
    RC_ASSERT(seen.insert(name).second);
    RC_ASSERT(!identity.cause.empty() || name == identity.base);
  }
}

}  // namespace
}  // namespace slabhound::join
