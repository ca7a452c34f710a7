// Goal: two traces come to the verdict and the signature that their first difference deserves.
//
// Method: traces made by hand, one pair for each kind of difference; the whole text of the
// signature is asserted.
#include "diff/compare.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "avoid/known.h"
#include "engine/info.h"

namespace slabhound::diff {
namespace {

using machine::TrapKind;
using trace::EventKind;
using trace::Failure;
using trace::FailureKind;
using trace::Happening;
using trace::Limit;
using trace::Told;
using trace::ToldKind;
using trace::Trace;
using trace::TrapSet;

constexpr const char* kNoDay = "2000-01-01";

Happening Returns(uint64_t value) { return trace::Returned{{Told{ToldKind::I32, value}}}; }
Happening Traps(TrapSet traps) { return trace::Trapped{traps}; }
Happening Throws(uint64_t hash) { return trace::Threw{Told{ToldKind::Object, hash}}; }

trace::Event Ends(Happening what) { return {EventKind::Call, "f", std::move(what)}; }

// Instantiated, and then these events.
Trace Of(std::vector<trace::Event> events) {
  events.insert(events.begin(), {EventKind::Instantiate, {}, trace::Instantiated{}});
  return {.events = std::move(events)};
}

Trace Instantiates(Happening what) {
  return {.events = {{EventKind::Instantiate, {}, std::move(what)}}};
}

Trace Fails(FailureKind kind, std::string message = {}) {
  Trace trace = Of({{EventKind::Call, "f", trace::Failed{kind, message}}});
  trace.failure = Failure{kind, std::move(message), "its last words"};
  return trace;
}

Trace Exhausts(Limit limit) {
  Trace trace = Of({Ends(trace::Exhausted{limit})});
  trace.NoteExhausted(limit);
  return trace;
}

Verdict On(const std::vector<std::string>& engines, const std::vector<Trace>& traces) {
  std::vector<engine::EngineSpec> specs;
  for (const std::string& each : engines) specs.push_back(*engine::ParseEngine(each));
  return Compare(specs, traces, kNoDay);
}

Verdict Pair(const Trace& expected, const Trace& found, const std::string& engine = "wasmtime") {
  return On({"oracle", engine}, {expected, found});
}

// The signature of a divergence.
std::string TextOf(const Trace& expected, const Trace& found) {
  const Verdict verdict = Pair(expected, found);
  EXPECT_EQ(verdict.kind, VerdictKind::Diverge);
  EXPECT_EQ(engine::EngineText(verdict.suspect), "wasmtime");
  return SignatureText(verdict.signature);
}
std::string TextOf(Happening expected, Happening found) {
  return TextOf(Of({Ends(std::move(expected))}), Of({Ends(std::move(found))}));
}

TEST(Compare, EqualTracesAgree) {
  for (const Trace& trace :
       {Of({}), Of({Ends(Returns(1))}), Of({Ends(Traps(TrapKind::CastFailure))}),
        Exhausts(Limit::Fuel), Exhausts(Limit::CallDepth), Instantiates(Throws(1))}) {
    const Verdict verdict = Pair(trace, trace);
    EXPECT_EQ(verdict.kind, VerdictKind::Agree) << TraceText(trace);
    EXPECT_FALSE(verdict.is_finding());
    EXPECT_EQ(verdict.fuel_exhausted, trace.fuel_exhausted);
    EXPECT_EQ(verdict.depth_exhausted, trace.depth_exhausted);
  }
}

TEST(Compare, OutcomesOfCalls) {
  EXPECT_EQ(TextOf(Returns(1), Returns(2)), "wasmtime diverges: other returns");
  EXPECT_EQ(TextOf(Throws(1), Throws(2)), "wasmtime diverges: other throws");
  EXPECT_EQ(TextOf(Returns(1), Throws(2)), "wasmtime diverges: throws instead of returns");
  EXPECT_EQ(TextOf(Returns(1), Traps(TrapKind::Unreachable)),
            "wasmtime diverges: trap Unreachable instead of returns");
  EXPECT_EQ(TextOf(Traps(TrapKind::Unreachable), Returns(1)),
            "wasmtime diverges: returns instead of trap Unreachable");
  EXPECT_EQ(TextOf(Traps(TrapKind::CastFailure), Traps(TrapKind::Unreachable)),
            "wasmtime diverges: trap Unreachable instead of trap CastFailure");
  EXPECT_EQ(TextOf(Returns(1), trace::NotCalled{}),
            "wasmtime diverges: no call instead of returns");
  EXPECT_EQ(TextOf(Returns(1), trace::Uncaught{}),
            "wasmtime diverges: uncaught exception instead of returns");
  EXPECT_EQ(TextOf(Returns(1), trace::Unreadable{7, TrapSet(TrapKind::Unreachable)}),
            "wasmtime diverges: unreadable log instead of returns");
}

TEST(Compare, OneSideHasNothing) {
  EXPECT_EQ(TextOf(Of({Ends(Returns(1))}), Of({})),
            "wasmtime diverges: nothing instead of returns");
  EXPECT_EQ(TextOf(Of({}), Of({Ends(Returns(1))})),
            "wasmtime diverges: returns instead of nothing");
}

TEST(Compare, Imports) {
  const auto import = [](const char* name, uint64_t argument) {
    return Of({{EventKind::Import, name, trace::Imported{{Told{ToldKind::I32, argument}}}}});
  };
  EXPECT_EQ(TextOf(import("log", 1), import("log", 2)), "wasmtime diverges: other import");
  EXPECT_EQ(TextOf(import("log", 1), import("gol", 1)), "wasmtime diverges: other import");
  EXPECT_EQ(TextOf(Of({Ends(Returns(1))}), import("log", 1)),
            "wasmtime diverges: import instead of returns");
  EXPECT_EQ(TextOf(import("log", 1), Of({Ends(Returns(1))})),
            "wasmtime diverges: returns instead of import");
  const auto folded = [](uint64_t count, uint64_t hash) {
    trace::Event event = Ends(Traps(TrapKind::Unreachable));
    event.folded = {count, hash};
    return Of({event});
  };
  EXPECT_EQ(TextOf(folded(1, 5), folded(2, 5)), "wasmtime diverges: other trap Unreachable");
  EXPECT_EQ(TextOf(folded(1, 5), folded(1, 6)), "wasmtime diverges: other trap Unreachable");
}

TEST(Compare, FinalState) {
  const auto state = [](Happening what) {
    return Of({Ends(Returns(1)), {EventKind::State, "g", std::move(what)}});
  };
  const Told one{ToldKind::I32, 1}, two{ToldKind::I32, 2};
  const std::string text = "wasmtime diverges: other state";
  EXPECT_EQ(TextOf(state(trace::GlobalState{one}), state(trace::GlobalState{two})), text);
  EXPECT_EQ(TextOf(state(trace::TableState{1, 2}), state(trace::TableState{1, 3})), text);
  EXPECT_EQ(TextOf(state(trace::MemoryState{1, 2}), state(trace::MemoryState{2, 2})), text);
  EXPECT_EQ(TextOf(state(trace::ObjectsState{1, 2}), state(trace::ObjectsState{1, 3})), text);
}

TEST(Compare, FuelAndDepthAreCountedAlike) {
  const Trace returns = Of({Ends(Returns(1))});
  EXPECT_EQ(TextOf(returns, Exhausts(Limit::Fuel)),
            "wasmtime diverges: exhausted fuel instead of returns");
  EXPECT_EQ(TextOf(Exhausts(Limit::CallDepth), returns),
            "wasmtime diverges: returns instead of exhausted call-depth");
  EXPECT_EQ(TextOf(Exhausts(Limit::Fuel), Exhausts(Limit::CallDepth)),
            "wasmtime diverges: exhausted call-depth instead of exhausted fuel");
}

TEST(Compare, InstantiationIsToldWhereTheOutcomesDoNotSayIt) {
  EXPECT_EQ(TextOf(Instantiates(trace::Instantiated{}), Instantiates(Throws(1))),
            "wasmtime diverges: throws instead of ok");
  EXPECT_EQ(TextOf(Instantiates(trace::Refused{"no"}), Instantiates(trace::Instantiated{})),
            "wasmtime diverges: ok instead of refused");
  EXPECT_EQ(TextOf(Instantiates(Throws(1)), Instantiates(Traps(TrapKind::NullReference))),
            "wasmtime diverges: trap NullReference instead of throws at instantiation");
}

TEST(Compare, ARejectionIsToldByItsReasonWithoutNumbersAndPlaces) {
  const auto rejects = [](const char* reason) {
    return TextOf(Of({Ends(Returns(1))}), Instantiates(trace::Rejected{reason}));
  };
  EXPECT_EQ(rejects("unknown type 17 (at offset 25)"),
            "wasmtime diverges: rejected (unknown type N (at offset N))");
  EXPECT_EQ(rejects("bad type 3, in function at index 8"), rejects("bad type 4 - see 9\nmore"));
  EXPECT_EQ(rejects("expected [-21] but got [5]"),
            "wasmtime diverges: rejected (expected [-21] but got [N])");
  EXPECT_EQ(rejects("ends in [-"), "wasmtime diverges: rejected (ends in [-)");
  // It is no matter what the module would have done.
  EXPECT_EQ(TextOf(Instantiates(Throws(1)), Instantiates(trace::Rejected{"no"})),
            "wasmtime diverges: rejected (no)");
  for (const Trace& expected : {Of({}), Instantiates(Throws(1))}) {
    EXPECT_EQ(Pair(expected, Instantiates(trace::Rejected{"no"})).signature,
              (Signature{.suspect = "wasmtime",
                         .locus = EventKind::Instantiate,
                         .found = {.kind = trace::ClassKind::Rejected},
                         .message = "no"}));
  }
}

TEST(Compare, ACommandThatJudgesWrongly) {
  const Trace reference =
      Of({Ends(Returns(1)), {EventKind::State, "objects", trace::ObjectsState{}}});
  const Trace misjudged = Of({Ends(Returns(1)), Ends(trace::Misjudged{true, "exit code 0"})});
  const Verdict verdict = Pair(reference, misjudged, "command:true {}");
  EXPECT_EQ(verdict.kind, VerdictKind::Diverge);
  EXPECT_EQ(SignatureText(verdict.signature), "command diverges: wrong verdict");
}

TEST(Compare, FailuresOfEveryKind) {
  const std::pair<FailureKind, const char*> rows[] = {
      {FailureKind::Start, "wasmtime panic: start: why"},
      {FailureKind::Panic, "wasmtime panic: why"},
      {FailureKind::InternalError, "wasmtime panic: internal error: why"},
      {FailureKind::Abort, "wasmtime panic: abort: why"},
      {FailureKind::Killed, "wasmtime panic: killed: why"},
      {FailureKind::Crash, "wasmtime panic: crash: why"},
      {FailureKind::OutOfMemory, "wasmtime panic: out of memory: why"},
      {FailureKind::Timeout, "wasmtime panic: timeout: why"},
      {FailureKind::SlowCompile, "wasmtime panic: slow compile: why"},
      {FailureKind::Garbage, "wasmtime panic: garbage: why"},
      {FailureKind::Exit, "wasmtime panic: exit: why"},
  };
  ASSERT_EQ(std::size(rows), static_cast<size_t>(FailureKind::Exit) + 1);
  for (const auto& [kind, text] : rows) {
    const Verdict verdict = Pair(Of({Ends(Returns(1))}), Fails(kind, "why"));
    EXPECT_EQ(verdict.kind, VerdictKind::Panic);
    EXPECT_EQ(SignatureText(verdict.signature), text);
    EXPECT_EQ(verdict.signature.failure, kind);
    EXPECT_NE(verdict.explanation.find("its last words"), std::string::npos);
  }
  EXPECT_EQ(SignatureText(Pair(Of({}), Fails(FailureKind::Timeout)).signature),
            "wasmtime panic: timeout");
}

TEST(Compare, AFailureIsToldWithHowOftenItRecurs) {
  const auto text = [](trace::Recurrence recurrence) {
    Trace failed = Fails(FailureKind::Crash, "SIGSEGV");
    failed.recurrence = std::make_shared<const trace::Recurrence>(std::move(recurrence));
    const Verdict verdict = Pair(Of({}), failed);
    EXPECT_EQ(verdict.recurrence, failed.recurrence);
    return SignatureText(verdict.signature);
  };
  EXPECT_EQ(text({.seen = 3, .tries = 3}), "wasmtime panic: crash: SIGSEGV");
  EXPECT_EQ(text({.seen = 1, .tries = 3}), "wasmtime panic: crash: SIGSEGV (not every time)");
  EXPECT_EQ(text({.seen = 0, .tries = 3}), "wasmtime panic: crash: SIGSEGV (not reproduced)");
  EXPECT_EQ(text({.seen = 3, .tries = 3, .history = {{}}}),
            "wasmtime panic: crash: SIGSEGV (after other modules)");
}

TEST(Compare, IsAsCoarseAsTheCoarserEngineTellsTraps) {
  const Trace exact = Of({Ends(Traps(TrapKind::NullStructReference))});
  EXPECT_EQ(Pair(exact, Of({Ends(Traps(TrapSet::Any()))})).kind, VerdictKind::Agree);
  const TrapSet nulls{TrapKind::NullReference, TrapKind::NullStructReference};
  EXPECT_EQ(Pair(exact, Of({Ends(Traps(nulls))})).kind, VerdictKind::Agree);
  EXPECT_EQ(
      TextOf(Of({Ends(Traps(TrapKind::CastFailure))}), Of({Ends(Traps(nulls))})),
      "wasmtime diverges: trap NullReference|NullStructReference instead of trap CastFailure");
  EXPECT_EQ(Pair(exact, Of({Ends(Returns(1))})).kind, VerdictKind::Diverge);
}

TEST(Compare, AHeapThatRanOutPoisonsWhatFollows) {
  const Trace returns = Of({Ends(Returns(1)), Ends(Returns(2))});
  for (const Limit limit : {Limit::Heap, Limit::Stack, Limit::OwnFuel, Limit::Log, Limit::Other}) {
    const Trace exhausted = Exhausts(limit);
    EXPECT_EQ(Pair(returns, exhausted).kind, VerdictKind::Poisoned);
    EXPECT_EQ(Pair(exhausted, returns).kind, VerdictKind::Poisoned);
    EXPECT_TRUE(Pair(returns, exhausted).heap_exhausted);
    // What differs before it still counts.
    Trace wrong = exhausted;
    wrong.events.insert(wrong.events.begin() + 1, Ends(Returns(9)));
    EXPECT_EQ(TextOf(returns, wrong), "wasmtime diverges: other returns");
  }
}

// Of a module that is refused, or a command that judged wrong, it is no matter where the oracle
// stopped.
TEST(Compare, AHeapThatRanOutIsNoCoverForARefusal) {
  const Trace exhausted = Exhausts(Limit::Heap);
  Trace misjudged = exhausted;
  misjudged.events.push_back(Ends(trace::Misjudged{false, "exit code 1"}));
  EXPECT_EQ(Pair(exhausted, misjudged).kind, VerdictKind::Diverge);
  Trace start = Of({});
  start.events = {{trace::EventKind::Instantiate, {}, trace::Exhausted{Limit::Heap}}};
  start.NoteExhausted(Limit::Heap);
  Trace refused = Of({});
  refused.events = {{trace::EventKind::Instantiate, {}, trace::Rejected{"no"}}};
  EXPECT_EQ(Pair(start, refused).kind, VerdictKind::Diverge);
}

TEST(Compare, AnInstructionThatIsNotRunEndsItWithItsName) {
  const Trace returns = Of({Ends(Returns(1)), Ends(Returns(2))});
  Trace ended = Of({Ends(trace::Exhausted{Limit::Instruction, wasm::Opcode::I8x16Shuffle})});
  ended.NoteExhausted(Limit::Instruction, wasm::Opcode::I8x16Shuffle);
  const Verdict verdict = On({"oracle", "slab", "v8"}, {ended, ended, returns});
  EXPECT_EQ(verdict.kind, VerdictKind::Poisoned);
  EXPECT_FALSE(verdict.heap_exhausted);
  EXPECT_EQ(verdict.needs, std::vector<std::string>{"SIMD: i8x16.shuffle"});
}

TEST(Compare, BehindAnObjectThatIsTooLargeComparisonGoesOn) {
  const auto behind = [](uint64_t value) {
    return Of({Ends(trace::Exhausted{Limit::ObjectSize}), Ends(trace::Exhausted{Limit::HugeObject}),
               Ends(Returns(value))});
  };
  EXPECT_EQ(Pair(behind(1), behind(1)).kind, VerdictKind::Agree);
  EXPECT_EQ(TextOf(behind(1), behind(2)), "wasmtime diverges: other returns");
  EXPECT_EQ(TextOf(behind(1), Of({Ends(trace::WrongObject{}),
                                  Ends(trace::Exhausted{Limit::HugeObject}), Ends(Returns(1))})),
            "wasmtime diverges: wrong object instead of exhausted object-size");
}

TEST(Compare, AFailureOutranksDivergences) {
  const Trace one = Of({Ends(Returns(1))}), two = Of({Ends(Returns(2))});
  const Verdict verdict =
      On({"oracle", "slab", "wasmtime"}, {one, two, Fails(FailureKind::Panic, "bad")});
  EXPECT_EQ(verdict.kind, VerdictKind::Panic);
  EXPECT_EQ(SignatureText(verdict.signature), "wasmtime panic: bad");
  EXPECT_EQ(On({"oracle", "slab", "wasmtime"},
               {one, trace::Unusable("none"), Fails(FailureKind::Panic, "bad")})
                .kind,
            VerdictKind::Panic);
}

TEST(Compare, TheFirstEngineThatDiffersIsTheSuspect) {
  const Trace one = Of({Ends(Returns(1))});
  const Verdict verdict = On({"oracle", "v8", "jsc", "wasmtime"},
                             {one, one, Of({Ends(Throws(1))}), Of({Ends(Returns(2))})});
  EXPECT_EQ(SignatureText(verdict.signature), "jsc diverges: throws instead of returns");
  EXPECT_EQ(verdict.explanation, "oracle has f: returns i32 1\njsc has f: throws object " +
                                     std::string("0000000000000001"));
}

TEST(Compare, AnEngineThatCannotRunTheCaseRejectsIt) {
  const Trace one = Of({Ends(Returns(1))});
  const Trace unusable = trace::Unusable("not installed");
  for (const Verdict& verdict : {Pair(one, unusable), Pair(unusable, one)}) {
    EXPECT_EQ(verdict.kind, VerdictKind::Rejected);
    EXPECT_NE(verdict.explanation.find(" did not run it: not installed"), std::string::npos);
  }
  // The others are compared all the same.
  EXPECT_EQ(On({"oracle", "v8", "jsc"}, {one, unusable, Of({})}).kind, VerdictKind::Diverge);
}

TEST(Compare, ACaseThatAllRefuseIsRejected) {
  const Trace refused = Instantiates(trace::Refused{"import m.n: the table is too large"});
  const Verdict verdict = Pair(refused, refused);
  EXPECT_EQ(verdict.kind, VerdictKind::Rejected);
  EXPECT_EQ(verdict.explanation, "refused: import m.n: the table is too large");
}

TEST(Compare, InsidesCountOnlyBetweenEnginesThatShowThem) {
  const auto inside = [](uint64_t value) {
    return Of({{EventKind::State, "objects", trace::ObjectsState{}},
               {EventKind::Inside, "global 0", trace::GlobalState{{ToldKind::I32, value}}}});
  };
  const Verdict verdict = Pair(inside(1), inside(2), "slab");
  EXPECT_EQ(SignatureText(verdict.signature), "slab diverges: other state");
  EXPECT_EQ(verdict.signature.locus, EventKind::Inside);
  Trace none = inside(1);
  none.events.pop_back();
  EXPECT_EQ(Pair(inside(1), none, "slab").kind, VerdictKind::Diverge);
  EXPECT_EQ(Pair(inside(1), none, "wasmtime").kind, VerdictKind::Agree);
}

// A row of the table holds until its day, and not with known=off.
TEST(Compare, KnownDisagreementsAreNoFindings) {
  const auto rows = avoid::KnownEntries();
  const auto row = std::ranges::find(rows, avoid::Shows::Rejected, &avoid::KnownEntry::shows);
  ASSERT_NE(row, rows.end());
  const std::string name(engine::InfoOf(row->engine).text);
  const std::string reason = std::string(row->message) + " " + std::string(row->detail);
  const auto on = [&](const std::string& engine, std::string_view today) {
    const engine::EngineSpec specs[] = {engine::EngineSpec{}, *engine::ParseEngine(engine)};
    const Trace traces[] = {Of({}), Instantiates(trace::Rejected{reason})};
    return Compare(specs, traces, today);
  };
  EXPECT_EQ(on(name, kNoDay).kind, VerdictKind::Known);
  EXPECT_EQ(on(name, kNoDay).known, std::vector<std::string>{std::string(row->name)});
  EXPECT_EQ(on(name, row->expires).kind, VerdictKind::Diverge);
  EXPECT_EQ(on(name + ":known=off", kNoDay).kind, VerdictKind::Diverge);
}

}  // namespace
}  // namespace slabhound::diff
