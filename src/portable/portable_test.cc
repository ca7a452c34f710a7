// Portable forms on seeds and on Binaryen's modules: they are valid, and tell what the test cases
// themselves tell, call by call until a budget runs out.
#include "portable/portable.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/file.h"
#include "gen/generate.h"
#include "gen/seeds.h"
#include "portable/fixture.h"
#include "portable/self_checking.h"
#include "testcase/testcase.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::portable {
namespace {

using engine::EngineSpec;
using trace::Event;
using trace::EventKind;

testcase::TestCase Read(const Bytes& wasm) {
  auto module = wasm::Decode(wasm);
  EXPECT_TRUE(module.has_value());
  auto test_case = testcase::MakeTestCase(std::move(*module));
  EXPECT_TRUE(test_case.has_value());
  return std::move(*test_case);
}

// What both kinds of run tell, up to the first budget that ran out.
std::vector<Event> Comparable(const trace::Trace& trace) {
  std::vector<Event> events;
  for (const Event& event : trace.events) {
    if (event.kind == EventKind::Inside) break;
    if (std::holds_alternative<trace::Exhausted>(event.what)) break;
    events.push_back(event);
  }
  return events;
}

// The first difference, or nothing; `whole` counts runs that were compared to their end.
std::string Difference(const trace::Trace& a, const trace::Trace& b, size_t& whole) {
  const std::vector<Event> left = Comparable(a), right = Comparable(b);
  const bool cut = a.fuel_exhausted || a.depth_exhausted || a.heap_exhausted || b.fuel_exhausted ||
                   b.depth_exhausted || b.heap_exhausted;
  const size_t common = std::min(left.size(), right.size());
  for (size_t i = 0; i < common; ++i) {
    if (left[i] == right[i]) continue;
    return fmt::format("{}\n  instead of {}", trace::EventText(right[i]),
                       trace::EventText(left[i]));
  }
  if (!cut && left.size() != right.size()) {
    return fmt::format("{} events instead of {}", right.size(), left.size());
  }
  if (!cut) ++whole;
  return {};
}

struct Counts {
  size_t cases = 0, refused = 0, whole = 0, events = 0;
};

void Check(const std::string& name, const testcase::TestCase& test_case, Counts& counts,
           bool exceptions = true) {
  ++counts.cases;
  const auto prepared = diff::Prepare(test_case);
  ASSERT_TRUE(prepared.has_value()) << name;
  worker::Lab lab;
  trace::RunLimits& limits = lab.limits;
  PortableOptions options;
  // Enough for all that is compared here to come to its end.
  limits.fuel_per_call = options.fuel_per_call = 1'000;
  limits.fuel_total = options.fuel_total = 8'000;
  limits.machine.call_depth_max = limits.machine.host_depth_max = options.call_depth_max = 64;
  const trace::Trace plain = diff::Run(*prepared, EngineSpec{}, lab);
  options.gc_one_in = 4;
  options.straight = engine::Straight::Even;
  options.exceptions = exceptions;
  const testcase::TestCase given{*prepared->module.module, prepared->plan};
  const auto portable = RunAsPortable(given, options, EngineSpec{});
  if (!portable) {
    ++counts.refused;
    EXPECT_EQ(portable.error().find("invalid"), std::string::npos) << name << portable.error();
    return;
  }
  counts.events += Comparable(plain).size();
  EXPECT_EQ(Difference(plain, *portable, counts.whole), "") << name;
  const auto slab = engine::ParseEngine("slab:mark_sweep:every-allocation");
  const auto collected = RunAsPortable(given, options, *slab);
  ASSERT_TRUE(collected.has_value());
  EXPECT_FALSE(collected->failure.has_value()) << name;
  EXPECT_EQ(trace::TraceText(*portable), trace::TraceText(*collected)) << name;
}

// How much was really compared.
void Tell(const Counts& counts) {
  fmt::print("compared {} modules of {} to their end; {} steps in all; {} have no portable form\n",
             counts.whole, counts.cases, counts.events, counts.refused);
  testing::Test::RecordProperty("compared", fmt::format("{}", counts.whole));
  testing::Test::RecordProperty("steps", fmt::format("{}", counts.events));
}

testcase::TestCase ReadText(std::string_view source) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  return std::move(*testcase::MakeTestCase(std::move(*module)));
}

trace::Trace Portable(const testcase::TestCase& test_case, const PortableOptions& options = {}) {
  const auto trace = RunAsPortable(test_case, options, EngineSpec{});
  EXPECT_TRUE(trace.has_value()) << (trace ? "" : trace.error());
  return trace ? *trace : trace::Trace();
}

TEST(Portable, SeedsTellTheSame) {
  Counts counts;
  for (const gen::Seed& seed : gen::Seeds()) Check(std::string(seed.name), Read(seed.wasm), counts);
  Tell(counts);
  EXPECT_GE(counts.cases, 15u);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_EQ(counts.whole, counts.cases);
}

// Every opcode of the profile, and what was found before.
TEST(Portable, TheCorpusTellsTheSame) {
  Counts counts;
  for (const char* folder : {"opcodes", "regress"}) {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(
             std::filesystem::path(SLABHOUND_SOURCE_DIR "/corpus") / folder)) {
      if (entry.path().extension() == ".wat") files.insert(entry.path());
    }
    for (const auto& path : files) {
      const auto bytes = ReadFile(path.string(), 1u << 20);
      ASSERT_TRUE(bytes.has_value());
      Check(path.filename().string(), ReadText(AsText(*bytes)), counts);
    }
  }
  Tell(counts);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_GE(counts.whole, 9u);
}

// One module for each part of the contract; every one is compared to its end.
constexpr std::string_view kModules[] = {
    // Imported globals of host objects, through an object and through a global.
    R"((module
      (type $box (struct (field externref) (field (ref extern))))
      (global $a (import "e" "a") externref)
      (global $b (import "e" "b") (ref extern))
      (global $c (import "e" "c") (ref i31))
      (global $box (export "box") (ref $box) (struct.new $box (global.get $a) (global.get $b)))
      (global $copy (export "copy") (mut (ref $box)) (global.get $box))
      (func (export "same") (param externref) (result externref externref i31ref)
        (global.set $copy (struct.new $box (local.get 0) (global.get $b)))
        (local.get 0) (global.get $b) (global.get $c))))",
    // Identity: cycles, sharing, functions by number and by type, packed fields, NaN bits.
    R"((module
      (rec (type $n (sub (struct (field (mut (ref null $n))) (field (mut i8)) (field funcref))))
           (type $m (sub $n (struct (field (mut (ref null $n))) (field (mut i8)) (field funcref)
                                    (field f32)))))
      (type $v (array (mut anyref)))
      (elem declare func $f $g $h)
      (func $f (param i32) (result i64) (i64.const 1))
      (func $g (param i32) (result i64) (i64.const 1))
      (func $h (param (ref $n)))
      (table (export "t") 3 funcref)
      (global $keep (export "keep") (mut anyref) (ref.null any))
      (func (export "graph") (result anyref funcref)
        (local $x (ref null $n)) (local $y (ref null $m)) (local $a (ref null $v))
        (local.set $x (struct.new $n (ref.null $n) (i32.const 200) (ref.func $f)))
        (local.set $y (struct.new $m (local.get $x) (i32.const -1) (ref.func $g)
                                  (f32.const nan:0x200001)))
        (struct.set $n 0 (local.get $x) (local.get $y))
        (local.set $a (array.new $v (local.get $x) (i32.const 5)))
        (array.set $v (local.get $a) (i32.const 1) (local.get $a))
        (array.set $v (local.get $a) (i32.const 2) (ref.i31 (i32.const -1)))
        (array.set $v (local.get $a) (i32.const 3) (ref.null none))
        (global.set $keep (local.get $y))
        (table.set (i32.const 1) (ref.func $h))
        (table.set (i32.const 2) (ref.func $g))
        (local.get $a) (ref.func $h))))",
    // Exceptions out of calls, caught ones, and depth after them.
    R"((module
      (type $s (struct (field i32)))
      (tag $j (import "fuzzing-support" "jstag") (param externref))
      (import "fuzzing-support" "throw" (func $throw (param i32)))
      (import "fuzzing-support" "log-i32" (func $log (param i32)))
      (tag $t (param i32 (ref null $s)))
      (func $deep (param i32)
        (if (i32.eqz (local.get 0))
          (then (throw $t (i32.const 3) (struct.new $s (i32.const 4)))))
        (call $deep (i32.sub (local.get 0) (i32.const 1))))
      (func (export "out") (call $deep (i32.const 20)))
      (func (export "host") (param i32) (call $throw (local.get 0)))
      (func (export "caught") (local $i i32)
        (loop $again
          (block $h (result i32 (ref null $s))
            (try_table (catch $t $h) (call $deep (i32.const 40)))
            (unreachable))
          (drop) (call $log)
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br_if $again (i32.lt_u (local.get $i) (i32.const 5)))))
      (func (export "ref") (result exnref)
        (block $h (result exnref)
          (try_table (catch_all_ref $h) (call $deep (i32.const 1)))
          (unreachable)))))",
    // Calls through the host, before and after instantiation has ended.
    R"((module
      (import "fuzzing-support" "call-export" (func $export (param i32 i32)))
      (import "fuzzing-support" "call-export-catch" (func $export-catch (param i32) (result i32)))
      (import "fuzzing-support" "call-ref" (func $ref (param funcref i32)))
      (import "fuzzing-support" "call-ref-catch" (func $ref-catch (param funcref) (result i32)))
      (import "fuzzing-support" "table-get" (func $get (param i32) (result funcref)))
      (import "fuzzing-support" "table-set" (func $set (param i32 funcref)))
      (import "fuzzing-support" "sleep" (func $sleep (param i32 i32) (result i32)))
      (import "fuzzing-support" "log-i32" (func $log (param i32)))
      (import "slabhound" "gc" (func $gc))
      (table (export "table") 2 funcref)
      (elem declare func $seven $i64 $log)
      (func $seven (export "0") (param i32) (result i32) (call $log (i32.const 7)) (i32.const 7))
      (func $i64 (export "1") (param i64))
      (func (export "2") (param i32)
        (call $log (call $export-catch (local.get 0)))
        (call $log (call $ref-catch (ref.func $seven)))
        (call $log (call $ref-catch (ref.func $i64)))
        (call $log (call $ref-catch (ref.null func)))
        (call $log (call $ref-catch (ref.func $log)))
        (call $set (i32.const 1) (ref.func $seven))
        (call $ref (call $get (i32.const 1)) (i32.const 0))
        (call $gc)
        (call $log (call $sleep (i32.const 1) (i32.const 5)))
        (call $export (i32.const 0) (i32.const 0))
        (call $export (i32.const 1) (i32.const 0)))
      (func (export "3") (drop (call $get (i32.const 9))))
      (func $start (call $log (call $export-catch (i32.const 0))))
      (start $start)))",
    // Tail calls keep the depth; memories and tables of both address types.
    R"((module
      (memory (export "m") i64 1)
      (memory (export "n") 1 4)
      (table (export "t") i64 2 10 externref)
      (func $loop (param i32) (result i32)
        (if (i32.eqz (local.get 0)) (then (return (i32.const 1))))
        (return_call $loop (i32.sub (local.get 0) (i32.const 1))))
      (func (export "tail") (result i32)
        (i32.add (call $loop (i32.const 400)) (call $loop (i32.const 300))))
      (func (export "bytes") (param i32 externref) (result i64)
        (i64.store (i64.const 16) (i64.extend_i32_u (local.get 0)))
        (i32.store 1 (i32.const 65532) (i32.const -1))
        (memory.fill 1 (i32.const 100) (local.get 0) (i32.const 999))
        (table.set (i64.const 1) (local.get 1))
        (drop (table.grow (local.get 1) (i64.const 3)))
        (drop (memory.grow 1 (i32.const 9)))
        (i64.add (memory.grow (i64.const 1)) (table.size)))))",
    // A start function that throws; one import with a result of no default.
    R"((module
      (tag $t (param i64))
      (global (export "g") i32 (i32.const 3))
      (func $start (throw $t (i64.const 5)))
      (func (export "f"))
      (start $start)))",
    R"((module
      (import "m" "make" (func $make (param f32) (result (ref any))))
      (func (export "f") (drop (call $make (f32.const -0))))
      (func (export "g") (param (ref func)))
      (func (export "h") (unreachable))))",
    // Vectors as arguments, results, and in what an import is told; a memory that starts large.
    R"((module
      (type $s (struct (field v128) (field (ref null $s))))
      (type $a (array v128))
      (import "m" "tell" (func $tell (param v128 (ref null $s) i32) (result v128)))
      (import "m" "global" (global $g v128))
      (memory (import "m" "memory") 33)
      (memory (export "second") 1)
      (global (export "vector") v128 (v128.const i64x2 3 4))
      (func (export "f") (param v128) (result v128 (ref $a) v128)
        (drop (memory.grow (i32.const 0)))
        (i64x2.splat (i64.extend_i32_s (memory.grow (i32.const 1))))
        (array.new_fixed $a 2 (local.get 0) (v128.const i64x2 5 6))
        (call $tell (v128.const i64x2 7 8) (struct.new $s (global.get $g) (ref.null $s))
          (memory.grow 1 (i32.const 30))))))",
};

TEST(Portable, EachPartOfTheContractTellsTheSame) {
  Counts counts;
  for (const std::string_view source : kModules) {
    const size_t before = counts.whole;
    Check(std::string(source), ReadText(source), counts);
    EXPECT_EQ(counts.whole, before + 1) << source;
  }
}

TEST(Portable, BudgetsEndTheSameCalls) {
  const auto test_case = ReadText(R"((module
      (import "fuzzing-support" "log-i32" (func $log (param i32)))
      (func (export "loop") (loop $l (call $log (i32.const 1)) (br $l)))
      (func $deep (export "deep") (call $log (i32.const 2)) (call $deep))
      (func (export "fine"))
      (func (export "bulk") (drop (array.new_default $a (i32.const 5000000))))
      (type $a (array i8))))");
  const auto prepared = diff::Prepare(test_case);
  const trace::Trace plain = diff::Run(*prepared, EngineSpec{}, {});
  const trace::Trace portable = Portable(test_case);
  std::vector<std::string> calls[2];
  for (const Event& event : plain.events) {
    if (event.kind == EventKind::Call) calls[0].push_back(trace::HappeningText(event.what));
  }
  for (const Event& event : portable.events) {
    if (event.kind == EventKind::Call) calls[1].push_back(trace::HappeningText(event.what));
  }
  ASSERT_GE(calls[1].size(), 4u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(calls[0][i], calls[1][i]);
  EXPECT_TRUE(calls[1][0].starts_with("exhausted fuel"));
  EXPECT_TRUE(calls[1][1].starts_with("exhausted call-depth"));
  EXPECT_EQ(calls[1][3], "exhausted object-size");
}

TEST(Portable, WithoutExceptionsThrowingStillTells) {
  const auto test_case = ReadText(R"((module
      (type $s (struct (field i32)))
      (import "fuzzing-support" "throw" (func $throw (param i32)))
      (tag $t (param i32 (ref null $s)))
      (func (export "out") (throw $t (i32.const 3) (struct.new $s (i32.const 4))))
      (func (export "host") (param i32) (call $throw (local.get 0)))))");
  const trace::Trace with = Portable(test_case),
                     without = Portable(test_case, {.exceptions = false});
  EXPECT_EQ(trace::TraceText(with), trace::TraceText(without));
  const auto module = MakePortable(test_case, {.exceptions = false});
  ASSERT_TRUE(module.has_value());
  EXPECT_TRUE(module->tags.empty());
  const auto refused = MakePortable(ReadText(kModules[2]), {.exceptions = false});
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().message.starts_with("needs exceptions")) << refused.error().message;
}

TEST(Portable, ImportsAreThoseOfTheContract) {
  for (const std::string_view source : kModules) {
    const auto module = MakePortable(ReadText(source), {.gc_one_in = 1});
    ASSERT_TRUE(module.has_value());
    for (const wasm::Import& import : module->imports) {
      EXPECT_EQ(import.module, "slabhound");
      EXPECT_TRUE(
          (std::set<std::string>{"log", "gc", "host", "host-number"}).contains(import.name));
    }
    for (size_t i = 0; i < module->exports.size(); ++i) {
      EXPECT_EQ(module->exports[i].name,
                i + 1 < module->exports.size() ? fmt::format("call {}", i) : std::string("state"));
    }
  }
}

TEST(Portable, GcPointsAreSeeded) {
  const auto test_case = ReadText(kModules[1]);
  const auto points = [&](uint32_t one_in, uint64_t seed) {
    return wasm::Encode(*MakePortable(test_case, {.gc_one_in = one_in, .gc_seed = seed}));
  };
  EXPECT_EQ(points(3, 1), points(3, 1));
  EXPECT_NE(points(3, 1), points(3, 2));
  EXPECT_LT(points(30, 1).size(), points(1, 1).size());
}

// A call that asks for many leaves those of the next one alone.
TEST(Portable, CollectionsAreCountedInEachCall) {
  const auto test_case = ReadText(R"((module (import "js" "gc" (func $gc))
    (func (export "many") (local $i i32) (loop (call $gc)
      (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 9)))))
    (func (export "one") (call $gc))))");
  const auto collections = [&](std::optional<uint32_t> per_call) {
    const PortableOptions options{.gc_per_call = per_call};
    const auto prepared = testcase::Prepare({*MakePortable(test_case, options), {}});
    EXPECT_TRUE(prepared.has_value());
    const auto machine = diff::MakeMachine({}, *prepared->types, PortableLimits(options));
    return RunSteps(*machine, *prepared, test_case.plan.calls.size()).collections;
  };
  EXPECT_EQ(test_case.plan.calls.size(), 4u);
  EXPECT_EQ(collections(std::nullopt), 20u);
  EXPECT_EQ(collections(3), 8u);
  EXPECT_EQ(collections(1), 4u);
}

TEST(Portable, BudgetsAsCallsTellTheSame) {
  for (const std::string_view source : kModules) {
    const auto test_case = ReadText(source);
    for (const uint32_t fuel : {3u, 1'000u}) {
      const std::string inside =
          trace::TraceText(Portable(test_case, {.fuel_per_call = fuel, .call_depth_max = 5}));
      using enum engine::Straight;
      for (const engine::Straight straight : {All, Even, Odd}) {
        EXPECT_EQ(
            trace::TraceText(Portable(
                test_case, {.fuel_per_call = fuel, .call_depth_max = 5, .straight = straight})),
            inside);
      }
    }
  }
}

// The module with the calls of `gc` that stand in it as GC, and those through references, tables
// and tail calls; or without all of them.
std::string WithCollections(bool has_them) {
  std::string text = R"((module
    (import "slabhound" "gc" (func $gc))
    (import "env" "log" (func $log (param i32)))
    (type $f (func)) (type $bytes (array (mut i8)))
    (table 1 funcref) (elem (i32.const 0) $gc) (elem declare func $gc)
    (func $leaf (param i32) (result i32) GC (i32.add (local.get 0) (i32.const 1)))
    (func (export "run") (local i32) GC
      (loop $again GC
        (local.set 0 (call $leaf (local.get 0))) GC
        (call $log (local.get 0))
        (i32.lt_s (local.get 0) (i32.const 5)) GC (br_if $again)))
    (func $last LAST)
    (func (export "others") (call $last) REFERENCE (call $last) ELEMENT)
    (func (export "bulk")
      (i32.const 5000) GC (array.new_default $bytes) (drop)
      (call $leaf (i32.const 7)) (call $log))))";
  const std::pair<std::string_view, std::string_view> calls[] = {
      {"GC", "(call $gc)"},
      {"LAST", "(return_call $gc)"},
      {"REFERENCE", "(call_ref $f (ref.func $gc))"},
      {"ELEMENT", "(call_indirect (type $f) (i32.const 0))"}};
  for (const auto& [word, call] : calls) {
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word)) {
      text.replace(at, word.size(), has_them ? call : "");
    }
  }
  return text;
}

TEST(Portable, ACollectionCostsNothing) {
  const testcase::TestCase with = ReadText(WithCollections(true));
  const testcase::TestCase without = ReadText(WithCollections(false));
  for (uint32_t fuel = 1; fuel < 20; ++fuel) {
    const uint32_t depth = 1 + fuel % 4;
    worker::Lab lab;
    lab.limits.fuel_per_call = fuel;
    lab.limits.machine.call_depth_max = lab.limits.machine.host_depth_max = depth;
    const auto run = [&](const testcase::TestCase& test_case, std::string_view engine) {
      return trace::TraceText(
          diff::Run(*diff::Prepare(test_case), *engine::ParseEngine(engine), lab));
    };
    const std::string plain = run(without, "oracle");
    EXPECT_EQ(run(with, "oracle"), plain);
    EXPECT_EQ(run(with, "slab:mark_sweep:explicit"), plain);
    for (const engine::Straight straight : {engine::Straight::None, engine::Straight::All}) {
      const PortableOptions options{
          .fuel_per_call = fuel, .call_depth_max = depth, .straight = straight};
      EXPECT_EQ(trace::TraceText(Portable(with, options)),
                trace::TraceText(Portable(without, options)));
    }
  }
}

// A value of the entry block and its successor stay in one block, as in wasmtime#13449.
TEST(Portable, BudgetsAsCallsLeaveBlocksWhole) {
  const auto test_case = ReadText(R"((module (func (export "run") (param i32)
    (loop (br_if 0 (local.get 0))))))");
  const auto ifs = [&](engine::Straight straight) {
    const auto module = MakePortable(test_case, {.straight = straight});
    EXPECT_TRUE(module.has_value());
    const auto& code = module->functions.front().body.code;
    return std::ranges::count_if(
        code, [](const wasm::Instr& instr) { return instr.op == wasm::Opcode::If; });
  };
  using enum engine::Straight;
  EXPECT_GT(ifs(None), 0);
  EXPECT_GT(ifs(Odd), 0);
  EXPECT_EQ(ifs(Even), 0);
  EXPECT_EQ(ifs(All), 0);
}

// Runs `run` of a module without imports.
bool Returns(const wasm::Module& module) {
  const auto prepared = testcase::Prepare(testcase::TestCase{module, {}});
  EXPECT_TRUE(prepared.has_value());
  EXPECT_TRUE(module.imports.empty());
  const auto machine = diff::MakeMachine(*engine::ParseEngine("slab:mark_sweep:every-allocation"),
                                         *prepared->types, PortableLimits());
  const auto instance = machine->Instantiate(prepared->module, {});
  if (!instance) return false;
  const machine::FuncAddr run = machine->FindExport(*instance, "run")->address;
  const bool first = std::holds_alternative<machine::Returned>(machine->Call(run, {}));
  EXPECT_EQ(std::holds_alternative<machine::Returned>(machine->Call(run, {})), first);
  return first;
}

TEST(SelfChecking, ModulesEndAsTheyMust) {
  size_t traps = 0;
  for (const std::string_view source : kModules) {
    const auto modules = ExportSelfChecking(ReadText(source), {});
    ASSERT_TRUE(modules.has_value()) << modules.error();
    for (const SelfChecking& each : *modules) {
      EXPECT_EQ(Returns(each.module), !each.traps) << each.name << source;
      traps += each.traps;
    }
  }
  EXPECT_GE(traps, 3u);
}

TEST(SelfChecking, AWrongExpectationTraps) {
  for (const gen::Seed& seed : gen::Seeds()) {
    auto modules = ExportSelfChecking(Read(seed.wasm), {});
    ASSERT_TRUE(modules.has_value());
    ASSERT_FALSE(modules->front().traps);
    // The expected hashes are the constants that `run`, the last function, compares with.
    wasm::Module& module = modules->front().module;
    const uint32_t run = module.FindExport("run")->index;
    for (wasm::Instr& instr : module.functions[run].body.code) {
      if (instr.op == wasm::Opcode::I64Const && instr.bits != 0) instr.bits ^= 1;
    }
    EXPECT_FALSE(Returns(module)) << seed.name;
  }
}

TEST(Portable, ModulesWithoutExceptionsNeedNone) {
  Counts counts;
  for (uint64_t number = 0; number < 60; ++number) {
    const auto test_case = Read(gen::Generate(gen::MakeRecipe(2, number, /*exceptions=*/false)));
    Check(fmt::format("case {}", number), test_case, counts, /*exceptions=*/false);
  }
  Tell(counts);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_GE(counts.whole, 30u);
}

TEST(Portable, WithoutExceptionsImportsThatCatchTellTheirOwnErrors) {
  Counts counts;
  Check("calls through the host", ReadText(kModules[3]), counts, /*exceptions=*/false);
  EXPECT_EQ(counts.whole, 1u);
  // What is thrown further down would be caught: nobody knows how to go on.
  const auto test_case = ReadText(R"((module
      (import "fuzzing-support" "throw" (func $throw (param i32)))
      (import "fuzzing-support" "call-ref-catch" (func $catch (param funcref) (result i32)))
      (import "fuzzing-support" "log-i32" (func $log (param i32)))
      (elem declare func $thrower $returns)
      (func $thrower (call $throw (i32.const 1)))
      (func $returns)
      (func (export "traps") (call $log (call $catch (ref.func $returns))) (unreachable))
      (func (export "throws") (call $thrower))
      (func (export "caught") (call $log (call $catch (ref.func $thrower))))
      (func (export "behind"))))");
  const trace::Trace trace = Portable(test_case, {.exceptions = false});
  const std::string text = trace::TraceText(trace);
  EXPECT_TRUE(trace.heap_exhausted);
  EXPECT_EQ(trace::HappeningText(trace.events.back().what), "exhausted host limit (exceptions)")
      << text;
  EXPECT_EQ(trace::HappeningText(trace.events[trace.events.size() - 2].what).substr(0, 6), "throws")
      << text;
  Check("a throw in an import that catches", test_case, counts, /*exceptions=*/false);
}

TEST(Portable, BinaryensModulesTellTheSame) {
  Counts counts;
  for (uint64_t number = 0; number < 100; ++number) {
    Check(fmt::format("case {}", number), Read(gen::Generate(gen::MakeRecipe(1, number))), counts);
  }
  Tell(counts);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_GE(counts.whole, 45u);
}

}  // namespace
}  // namespace slabhound::portable
