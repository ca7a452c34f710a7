// A history comes back from its section as it was, and whatever the section holds is read.
#include "worker/history_section.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "testcase/testcase.h"
#include "wasm/encode.h"
#include "wasm/limits.h"
#include "worker/protocol.h"

namespace slabhound::worker {
namespace {

CaseHistory TwoRuns() {
  return {"worker:node a.mjs",
          {{{.id = 1, .exports = {"call 0", "state"}, .gc_max = 5}, Bytes(300, 7)},
           {{.id = 2, .exports = {}, .valid = true}, {}}}};
}

TEST(HistorySection, ComesBackAsItWas) {
  const auto bytes = WithHistory(wasm::Encode({}), TwoRuns());
  ASSERT_TRUE(bytes.has_value());
  auto test_case = testcase::ReadTestCase(*bytes);
  ASSERT_TRUE(test_case.has_value()) << test_case.error();
  const auto history = TakeHistory(test_case->module);
  ASSERT_TRUE(history.has_value()) << history.error();
  EXPECT_EQ(history->suspect, TwoRuns().suspect);
  EXPECT_EQ(history->runs, TwoRuns().runs);
  EXPECT_EQ(testcase::WriteTestCase(*test_case), wasm::Encode({}));
  EXPECT_TRUE(TakeHistory(test_case->module)->runs.empty());
}

TEST(HistorySection, HostileBytesAreAnErrorOrAHistory) {
  auto bytes = WithHistory(wasm::Encode({}), TwoRuns());
  const auto section = testcase::ReadTestCase(*bytes)->module.customs.at(0);
  wasm::Module twice;
  twice.customs = {section, section};
  EXPECT_NE(TakeHistory(twice).error().find("a second one"), std::string::npos);
  for (size_t size = 0; size < section.bytes.size(); ++size) {
    wasm::Module cut;
    cut.customs = {{section.name, Bytes(section.bytes.begin(),
                                        section.bytes.begin() + static_cast<ptrdiff_t>(size))}};
    const auto read = TakeHistory(cut);
    EXPECT_TRUE(!read || read->runs.size() < 2) << size;
  }
  Rng rng(1);
  for (int i = 0; i < 2'000; ++i) {
    wasm::Module changed;
    changed.customs = {section};
    changed.customs[0].bytes[rng.Below(section.bytes.size())] =
        static_cast<uint8_t>(rng.Below(256));
    TakeHistory(changed);
  }
}

TEST(HistorySection, IsNoLargerThanAFileMayBe) {
  CaseHistory history = TwoRuns();
  history.runs[0].module.resize(wasm::limits::kModuleBytesMax);
  EXPECT_FALSE(WithHistory(wasm::Encode({}), history).has_value());
}

}  // namespace
}  // namespace slabhound::worker
