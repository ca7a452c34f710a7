// Goal: a case with probes does what it did, and tells each reference as it comes.
#include "graph/probes.h"

#include <gtest/gtest.h>

#include "graph/fixture.h"

namespace slabhound::graph {
namespace {

TEST(Probes, TellEachReferenceAndNothingElse) {
  const auto prepared = trace::PreparedText(kList, {{"run", {}}});
  const auto probed = AddProbes(prepared);
  ASSERT_TRUE(probed.has_value());
  const auto with = testcase::Prepare(probed->test_case);
  ASSERT_TRUE(with.has_value()) << with.error().Message();
  trace::Trace before = KeptTrace(prepared);
  trace::Trace after = KeptTrace(*with);  // instantiation comes first
  const auto first = ReadGraph(after, 1, *with->types, Extent::Exports);
  ASSERT_TRUE(first.has_value());
  ASSERT_EQ(first->roots.size(), 2u);
  EXPECT_EQ(first->roots[0].value, (trace::Told{trace::ToldKind::I32, 0}));
  EXPECT_EQ(SiteText(probed->sites[0], prepared), "array.new_default, instruction 1 of func 0");
  EXPECT_EQ(first->nodes[0].length, 20u);
  size_t told = 0;
  std::erase_if(after.events, [&](const trace::Event& event) {
    const bool is_probe = event.kind == trace::EventKind::Import;
    told += is_probe ? 1 : 0;
    return is_probe;
  });
  EXPECT_GT(told, 60u);
  // Probes have globals of their own.
  for (trace::Trace* each : {&before, &after}) {
    std::erase_if(each->events,
                  [](const trace::Event& event) { return event.kind == trace::EventKind::Inside; });
  }
  EXPECT_EQ(before.events, after.events);
}

TEST(Probes, StopTheCaseBehindSoManyOfThem) {
  const auto prepared = trace::PreparedText(kList, {{"run", {}}, {"run", {}}});
  const auto probed = AddProbes(prepared, {.stop_after = 5});
  ASSERT_TRUE(probed.has_value());
  const auto with = testcase::Prepare(probed->test_case);
  ASSERT_TRUE(with.has_value()) << with.error().Message();
  const trace::Trace trace = KeptTrace(*with);
  size_t told = 0, traps = 0;
  for (const trace::Event& event : trace.events) {
    told += event.kind == trace::EventKind::Import ? 1 : 0;
    traps += std::holds_alternative<trace::Trapped>(event.what) ? 1 : 0;
  }
  EXPECT_EQ(told, 5u + 1u);  // the second call comes to one more
  EXPECT_EQ(traps, 2u);
}

TEST(Probes, LeaveReferencesOfOtherHierarchiesAlone) {
  EXPECT_FALSE(AddProbes(trace::PreparedText(R"((module
    (import "" "" (func $log (param funcref externref exnref)))
    (func (param funcref externref exnref)
      (call $log (local.get 0) (local.get 1) (local.get 2)))))")));
  EXPECT_TRUE(AddProbes(trace::PreparedText(R"((module
    (func (param anyref) (result anyref) (unreachable) (local.get 0))
    (func (param (ref null none)) (result eqref) (local.get 0))))")));
}

}  // namespace
}  // namespace slabhound::graph
