// Logs of portable forms become events; hostile ones become events that say so.
#include "portable/trace.h"

#include <gmock/gmock.h>

#include "base/rng.h"
#include "trace/log.h"
#include "wasm/builder.h"

namespace slabhound::portable {
namespace {

using trace::EventWord;
using trace::Word;
using wasm::AbstractHeap;
using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::ValType;

constexpr auto N = [](auto word) { return static_cast<uint64_t>(word); };

// (func (export "f") (result i32 anyref)), an import log (f64), an exported global and table.
testcase::TestCase Case() {
  wasm::ModuleBuilder builder;
  const ValType any = ValType::Ref(AbstractHeap::Any, true);
  builder.Import(wasm::FuncRef{builder.Func({ValType::F64})}, "m", "log");
  builder.Define(builder.Func({}, {ValType::I32, any}), {},
                 Code().I32(0).Heap(Opcode::RefNull, AbstractHeap::Any), "f");
  builder.Global(any, true, Code().Heap(Opcode::RefNull, AbstractHeap::Any), "g");
  builder.Table(any, {1, 1}, "t");
  return {builder.module(), {0, {{"f", {}}, {"none", {}}}}};
}

trace::Trace TraceOf(std::span<const PortableStep> steps) {
  const testcase::TestCase test_case = Case();
  return PortableTrace(test_case.module, test_case.plan, steps);
}

std::vector<std::string> Texts(const std::vector<PortableStep>& steps) {
  std::vector<std::string> texts;
  for (const trace::Event& event : TraceOf(steps).events) {
    texts.push_back(event.subject + ": " + trace::HappeningText(event.what));
  }
  return texts;
}

PortableStep Returned(std::vector<uint64_t> log) { return {.log = std::move(log)}; }

TEST(PortableTrace, ReadsImportsResultsAndState) {
  const auto texts = Texts({Returned({}),
                            Returned({N(EventWord::Import), 0, 0x3ff0000000000000,
                                      N(EventWord::Returns), 5, N(Word::I31), 7}),
                            Returned({}),
                            Returned({N(EventWord::State), N(Word::New), N(Word::Number), 1,
                                      N(Word::Seen), 0, 4, 9, 1, N(Word::Null)})});
  ASSERT_EQ(texts.size(), 7u);
  EXPECT_EQ(texts[0], ": ok");
  EXPECT_EQ(texts[1], "log: f64 0x3ff0000000000000");
  EXPECT_EQ(texts[2], "f: returns i32 5 i31 7");
  EXPECT_EQ(texts[3], "none: no such export");
  EXPECT_EQ(texts[4], "g: object #0");
  EXPECT_THAT(texts[5], testing::StartsWith("t: 1 elements, "));
  EXPECT_THAT(texts[6], testing::StartsWith("objects: 1, "));
}

TEST(PortableTrace, EndsAreToldApart) {
  const auto text = [](PortableStep step) { return Texts({Returned({}), std::move(step)}).at(1); };
  const trace::Happening unreachable = trace::Trapped{machine::TrapKind::Unreachable};
  EXPECT_EQ(text({trace::Trapped{machine::TrapKind::CastFailure}}), "f: trap CastFailure");
  EXPECT_EQ(text({unreachable, {N(EventWord::FuelOut)}}), "f: exhausted fuel");
  EXPECT_EQ(text({unreachable, {N(EventWord::DepthOut)}}), "f: exhausted call-depth");
  EXPECT_EQ(text({unreachable, {N(EventWord::Returns)}}),
            "f: trap Unreachable with a log that cannot be read at word 0");
  EXPECT_EQ(text({trace::Exhausted{trace::Limit::Stack}}), "f: exhausted host limit (stack)");
  EXPECT_EQ(text({trace::Failed{trace::FailureKind::Panic, "stale id"}}), "f: stale id");
  EXPECT_EQ(text({trace::Uncaught{}}), "f: an exception came out");
  EXPECT_EQ(text({}), "f: a log that cannot be read at word 0");
  EXPECT_EQ(text(Returned({N(EventWord::Returns), 5})), "f: a log that cannot be read at word 2");
}

// The case's calls are "f" and "none", which is not made.
TEST(PortableTrace, OfAnObjectBeyondTheBudgetAllThatIsFineIsOneEvent) {
  const uint64_t large = N(EventWord::Large), made = N(EventWord::LargeMade);
  const trace::Happening unreachable = trace::Trapped{machine::TrapKind::Unreachable};
  const trace::Happening unknown = trace::Trapped{trace::TrapSet::Any()};
  const trace::Happening null = trace::Trapped{machine::TrapKind::NullArrayReference};
  const auto text = [](const PortableStep& step) {
    const auto texts = Texts({Returned({}), step, Returned({}), Returned({})});
    EXPECT_GE(texts.size(), 2u);
    return texts.at(1);
  };
  const std::string fine = "f: exhausted object-size";
  EXPECT_EQ(text({trace::Exhausted{trace::Limit::Allocation}, {large}}), fine);
  EXPECT_EQ(text({trace::Exhausted{trace::Limit::Memory}, {large}}), fine);
  EXPECT_EQ(text({trace::Exhausted{trace::Limit::Memory}, {N(EventWord::Huge)}}),
            "f: exhausted huge-object");
  EXPECT_EQ(text({unknown, {large}}), fine);
  EXPECT_EQ(text({unreachable, {large, made, N(EventWord::LargeRight)}}), fine);
  EXPECT_EQ(text({unreachable, {large, made, N(EventWord::LargeWrong)}}),
            "f: a large object that is not what was asked for");
  EXPECT_EQ(text({null, {large}}), "f: trap NullArrayReference");
  EXPECT_EQ(text({null, {large, made}}), "f: trap NullArrayReference");
  EXPECT_EQ(text({unknown, {large, made}}), "f: trap ?");
  EXPECT_EQ(text(Returned({large})), "f: a log that cannot be read at word 1");
  EXPECT_EQ(text({unreachable, {large, made, 77}}),
            "f: trap Unreachable with a log that cannot be read at word 2");
  EXPECT_EQ(text({trace::Exhausted{trace::Limit::Stack}, {large}}),
            "f: exhausted host limit (stack)");
  EXPECT_EQ(text({trace::Failed{trace::FailureKind::InternalError, "x"}, {large}}),
            "f: internal error: x");
}

TEST(PortableTrace, BeyondASegmentALimitIsItsTrap) {
  const uint64_t beyond = N(EventWord::BeyondSegment);
  const auto text = [](PortableStep step) { return Texts({Returned({}), std::move(step)}).at(1); };
  const trace::Happening limit = trace::Exhausted{trace::Limit::Allocation};
  EXPECT_EQ(text({limit, {beyond}}), "f: trap MemoryOutOfBounds|TableOutOfBounds");
  EXPECT_EQ(text({trace::Trapped{machine::TrapKind::MemoryOutOfBounds}, {beyond}}),
            "f: trap MemoryOutOfBounds");
  EXPECT_EQ(text({trace::Trapped{machine::TrapKind::CastFailure}, {beyond}}),
            "f: trap CastFailure");
  EXPECT_EQ(text(Returned({beyond, N(EventWord::Returns), 5, N(Word::Null)})),
            "f: returns i32 5 null");
}

TEST(PortableTrace, BehindAnObjectBeyondTheBudgetComparisonGoesOnIfTheWorkerDoes) {
  const PortableStep refused = {trace::Exhausted{trace::Limit::Allocation}, {N(EventWord::Large)}};
  const trace::Trace whole = TraceOf(std::vector<PortableStep>{
      Returned({}), refused, Returned({}),
      Returned({N(EventWord::State), N(Word::Null), N(Word::Number), 0})});
  EXPECT_TRUE(whole.size_exhausted);
  EXPECT_FALSE(whole.heap_exhausted);
  EXPECT_EQ(whole.events.size(), 6u);
  const trace::Trace stopped = TraceOf(std::vector<PortableStep>{Returned({}), refused});
  EXPECT_TRUE(stopped.heap_exhausted);
  EXPECT_EQ(stopped.events.size(), 2u);
}

TEST(PortableTrace, ALimitEndsTheComparison) {
  const trace::Trace trace = TraceOf(std::vector<PortableStep>{
      Returned({}), {trace::Exhausted{trace::Limit::Memory}}, Returned({}), Returned({})});
  EXPECT_EQ(trace.events.size(), 2u);
  EXPECT_TRUE(trace.heap_exhausted);
}

TEST(PortableTrace, ALogThatWasCutIsALimit) {
  const uint64_t import = N(EventWord::Import);
  for (const trace::Happening& end :
       {trace::Happening(trace::Returned{}),
        trace::Happening(trace::Trapped{machine::TrapKind::Unreachable})}) {
    for (const std::vector<uint64_t>& log :
         {std::vector<uint64_t>{import, 0, 1, import}, std::vector<uint64_t>{import, 0, 1}}) {
      const trace::Trace trace = TraceOf(std::vector<PortableStep>{Returned({}), {end, log, true}});
      ASSERT_EQ(trace.events.size(), 3u);
      EXPECT_EQ(trace::HappeningText(trace.events[1].what), "f64 0x0000000000000001");
      EXPECT_EQ(trace::HappeningText(trace.events[2].what), "exhausted host limit (log)");
      EXPECT_TRUE(trace.heap_exhausted);
    }
  }
}

TEST(PortableTrace, ReadingIsTotal) {
  Rng rng(7);
  const trace::Happening ends[] = {trace::Returned{}, trace::Trapped{trace::TrapSet::Any()},
                                   trace::Exhausted{trace::Limit::Stack}, trace::Uncaught{},
                                   trace::Rejected{"r"}};
  for (int round = 0; round < 20'000; ++round) {
    std::vector<PortableStep> steps;
    for (int i = 0; i < 4; ++i) {
      PortableStep step{rng.OneIn(4) ? ends[rng.Below(std::size(ends))] : trace::Returned{}};
      const uint64_t first[] = {N(EventWord::Import), N(EventWord::Returns),
                                N(EventWord::State),  N(EventWord::Throws),
                                N(EventWord::Large),  N(EventWord::BeyondSegment)};
      step.log.push_back(first[rng.Below(std::size(first))]);
      for (uint64_t k = rng.Below(20); k > 0; --k) {
        step.log.push_back(rng.OneIn(8) ? rng.Next() : rng.Below(12));
      }
      steps.push_back(std::move(step));
    }
    steps[0].log.clear();
    EXPECT_LE(TraceOf(steps).events.size(), 40u);
  }
}

}  // namespace
}  // namespace slabhound::portable
