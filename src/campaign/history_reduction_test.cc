// Goal: of a finding that needs a history, the modules before it shrink to what they must be.
//
// Method: a hostile worker that crashes at its third run, whatever it was sent before.
#include "campaign/history_reduction.h"

#include <gtest/gtest.h>

#include "campaign/hostile.h"
#include "diff/compare.h"
#include "diff/fixture.h"
#include "testcase/testcase.h"
#include "text/wat.h"
#include "wasm/encode.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

constexpr std::string_view kModule =
    "(module (global $g (export \"g\") (mut i32) (i32.const 5))"
    " (func (export \"f\") (result i32) (i32.add (global.get $g) (i32.const 2))))";

struct Third {
  CaseRun run;
  MinimizeOrder order;
  std::vector<engine::EngineSpec> engines = {{}, Hostile("third")};
  SharedFlight flight = MapFlight();

  explicit Third(size_t before) {
    const auto test_case = testcase::MakeTestCase(*text::ReadModule(kModule));
    const auto prepared = diff::Prepare(*test_case);
    const auto sent = worker::MakeRequest(*prepared, engines[1], run.lab);
    order.history.assign(before, {sent->request, sent->module});
    order.module = testcase::WriteTestCase(*test_case);
    order.suspect = engine::EngineText(engines[1]);
    const trace::Trace traces[] = {
        diff::Run(*prepared, {}, run.lab),
        worker::RunPortableAfter(order.history, *prepared, engines[1], run.lab)};
    order.signature = diff::Compare(engines, traces, {}).signature;
    run.engines = engines;
  }
};

TEST(HistoryReduction, ModulesBecomeSmall) {
  constexpr double kSeconds = 600;  // it takes a second or two where nothing else runs
  const Third third(2);
  const MinimizedReport report =
      MinimizeWithHistory(third.run, third.order, kSeconds, *third.flight);
  EXPECT_EQ(report.failure, "");
  EXPECT_EQ(report.seen, 3u);
  EXPECT_EQ(report.tries, 3u);
  ASSERT_EQ(report.history.size(), 2u);
  for (const trace::SentRun& sent : report.history) EXPECT_EQ(sent.module, wasm::Encode({}));
}

TEST(HistoryReduction, WhatDoesNotHappenIsTold) {
  Third third(2);
  third.order.history.pop_back();
  EXPECT_EQ(MinimizeWithHistory(third.run, third.order, 1, *third.flight).failure,
            "reproduced 0 of 3");
}

}  // namespace
}  // namespace slabhound::campaign
