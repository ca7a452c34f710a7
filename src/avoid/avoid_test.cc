// Avoidances on seeds and on Binaryen's modules: they are valid, and do what the modules do.
#include "avoid/avoid.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "gen/generate.h"
#include "gen/seeds.h"
#include "portable/fixture.h"
#include "text/wat.h"
#include "wasm/decode.h"

namespace slabhound::avoid {
namespace {

constexpr Avoidance kAvoidances[] = {
#define SLABHOUND_AVOIDANCE(name, ...) Avoidance::name,
#include "avoid/avoidances.def"
};

// What came of a module: nothing to rewrite, no portable form to run, or two runs to compare.
enum class Checked : uint8_t { Untouched, NotRun, Compared };

// Runs the portable form with and without the rewrite.
Checked Check(const std::string& name, const testcase::TestCase& test_case, Avoidance avoidance) {
  wasm::Module rewritten = test_case.module;
  if (!Avoid(avoidance, rewritten)) return Checked::Untouched;
  const portable::PortableOptions options;
  auto plain = portable::RunAsPortable(test_case, options, engine::EngineSpec());
  auto avoided = portable::RunAsPortable(test_case, options, engine::EngineSpec(), avoidance);
  if (!plain) return Checked::NotRun;
  EXPECT_TRUE(avoided.has_value()) << name << ": " << avoided.error();
  if (!avoided) return Checked::NotRun;
  // Calls in the place of tail calls may go deeper than the oracle does. What came before is equal.
  if (avoided->heap_exhausted) {
    avoided->events.pop_back();
    plain->events.resize(std::min(plain->events.size(), avoided->events.size()));
    if (plain->events.empty()) return Checked::NotRun;
  }
  EXPECT_EQ(trace::TraceText(*plain), trace::TraceText(*avoided)) << name;
  return Checked::Compared;
}

testcase::TestCase Read(const Bytes& wasm) { return *testcase::MakeTestCase(*wasm::Decode(wasm)); }

testcase::TestCase ReadText(std::string_view source) {
  return *testcase::MakeTestCase(*text::ReadModule(source));
}

// At least so many modules of ModulesDoTheSame have what is avoided, and are compared.
const std::map<Avoidance, size_t> kComparedMin = {
    {Avoidance::BottomNull, 150},   {Avoidance::SegmentValues, 25},  {Avoidance::InitElem, 12},
    {Avoidance::ExternCast, 30},    {Avoidance::ConvertUnsigned, 5}, {Avoidance::BulkBounds, 60},
    {Avoidance::ActiveSegments, 2}, {Avoidance::TailCall, 35}};

TEST(Avoid, ModulesDoTheSame) {
  for (const Avoidance avoidance : kAvoidances) {
    std::map<Checked, size_t> counts;
    for (const gen::Seed& seed : gen::Seeds()) {
      ++counts[Check(std::string(seed.name), Read(seed.wasm), avoidance)];
    }
    for (uint64_t number = 0; number < 300; ++number) {
      const auto test_case = Read(gen::Generate(gen::MakeRecipe(3, number)));
      ++counts[Check(fmt::format("case {}", number), test_case, avoidance)];
    }
    const std::string name(AvoidanceText(avoidance));
    const size_t compared = counts[Checked::Compared];
    fmt::print("{}: compared {} modules, {} have no portable form\n", name, compared,
               counts[Checked::NotRun]);
    RecordProperty("compared-" + name, fmt::format("{}", compared));
    ASSERT_TRUE(kComparedMin.contains(avoidance)) << name;
    EXPECT_GE(compared, kComparedMin.at(avoidance)) << name;
  }
}

// Where values of type none come from, and what is taken in their place.
TEST(Avoid, NullsOfTypeNoneGetTheTypeThatIsWanted) {
  constexpr std::string_view kModule = R"((module
    (global (ref null struct) ref.null none)
    (func (export "f") (result i32) (local (ref null none) (ref null i31))
      local.get 0 local.set 1
      ref.null none
      i32.const 1
      if (param (ref null none)) (result (ref null none)) else end
      local.get 0
      ref.eq)
    (func (export "g") (result (ref eq)) ref.null none ref.as_non_null)))";
  testcase::TestCase test_case = ReadText(kModule);
  EXPECT_EQ(Check("text", test_case, Avoidance::BottomNull), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::BottomNull, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  for (const char* part : {"(ref null struct) ref.null struct", "ref.null i31", "ref.null eq",
                           "ref.as_non_null\n    drop\n    ref.null eq\n    ref.as_non_null"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_FALSE(Avoid(Avoidance::BottomNull, test_case.module));
}

TEST(Avoid, ObjectsOfSegmentsAreMadeOnceForAll) {
  testcase::TestCase test_case = ReadText(R"((module
    (type $s (struct)) (type $a (array (ref null $s)))
    (elem $e (ref null $s) (item struct.new $s) (item ref.null $s))
    (func $first (result (ref null $s))
      i32.const 0 i32.const 2 array.new_elem $a $e i32.const 0 array.get $a)
    (func (export "f") (result i32) call $first call $first ref.eq)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::SegmentValues), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::SegmentValues, test_case.module));
  EXPECT_EQ(test_case.module.globals.size(), 1u);
  EXPECT_FALSE(Avoid(Avoidance::SegmentValues, test_case.module));
}

TEST(Avoid, BranchesOnCastsToNoneAskForNull) {
  testcase::TestCase test_case = ReadText(R"((module
    (func $cast (param eqref) (result i32)
      block $l (result eqref) local.get 0 br_on_cast $l eqref nullref drop i32.const 1 return end
      ref.is_null)
    (func $fail (param eqref) (result i32)
      block $l (result (ref eq))
        local.get 0 br_on_cast_fail $l eqref nullref drop i32.const 2 return end
      drop i32.const 3)
    (func (export "a") (result i32 i32)
      ref.null eq call $cast i32.const 7 ref.i31 call $cast)
    (func (export "b") (result i32 i32)
      ref.null eq call $fail i32.const 7 ref.i31 call $fail)
    (func (export "c") (param eqref) (result eqref)
      local.get 0 br_on_cast 0 eqref (ref none) br_on_cast_fail 0 eqref (ref none))
    (func (export "d") (param nullref) (result eqref)
      block (result (ref null none)) local.get 0 br_on_cast 1 nullref nullref end)
    (func (export "e") (result eqref) unreachable br_on_cast_fail 0 (ref none) (ref none))))");
  EXPECT_EQ(Check("text", test_case, Avoidance::BottomNull), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::BottomNull, test_case.module));
  EXPECT_EQ(text::PrintModule(test_case.module).find("br_on_cast"), std::string::npos);
}

TEST(Avoid, CastsToExternAskForNull) {
  testcase::TestCase test_case = ReadText(R"((module
    (func (export "host") (param externref) (result externref) local.get 0 ref.cast (ref extern))
    (func (export "may") (param externref) (result externref)
      local.get 0 ref.cast (ref null extern))
    (func (export "null") (result externref) ref.null extern ref.cast (ref extern))
    (func (export "none") ref.null noextern ref.cast (ref noextern) drop)
    (func $on (param externref) (result i32)
      block $l (result (ref extern))
        local.get 0 br_on_cast $l externref (ref extern) drop i32.const 1 return end
      drop i32.const 2)
    (func $fail (param externref) (result i32)
      block $l (result externref)
        local.get 0 br_on_cast_fail $l externref (ref extern) drop i32.const 3 return end
      drop i32.const 4)
    (func (export "null branches") (result i32 i32)
      ref.null extern call $on ref.null extern call $fail)
    (func (export "branches") (result i32 i32) i32.const 1 ref.i31 extern.convert_any call $on
      i32.const 1 ref.i31 extern.convert_any call $fail)
    (func (export "sure") (param externref) (result externref) local.get 0
      br_on_cast_fail 0 externref externref br_on_cast 0 externref externref)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::ExternCast), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::ExternCast, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  for (const char* part : {"br_on_cast", "ref.cast (ref extern)", "ref.cast (ref null extern)"}) {
    EXPECT_EQ(text.find(part), std::string::npos) << part;
  }
}

TEST(Avoid, UnsignedNumbersAreRoundedAsOneHalf) {
  std::string source = "(module";
  for (const char* number :
       {"0", "1", "-1", "0x8000000000000001", "0x8000008000000000", "0x8000008000000001",
        "0x8000018000000000", "0x7fffffbfffffffff", "0xffffff7fffffffff", "0xffffff8000000000"}) {
    source +=
        fmt::format("(func (export \"{0}\") (result f32) i64.const {0} f32.convert_i64_u)", number);
  }
  testcase::TestCase test_case = ReadText(source + ")");
  EXPECT_EQ(Check("text", test_case, Avoidance::ConvertUnsigned), Checked::Compared);
}

// All three, with operands left below; what is thrown must not be caught.
TEST(Avoid, TailCallsBecomeCallsOutsideOfTryTable) {
  testcase::TestCase test_case = ReadText(R"((module
    (type $t (func (param i32) (result i32)))
    (tag $e)
    (table funcref (elem $twice))
    (global $left (mut i32) (i32.const 3))
    (func $twice (type $t) local.get 0 i32.const 2 i32.mul)
    (func $throws (type $t) throw $e)
    (func $direct (type $t) i32.const 7 local.get 0 return_call $twice)
    (func $indirect (type $t)
      i32.const 7 local.get 0 i32.const 0 return_call_indirect (type $t))
    (func $ref (type $t) i32.const 7 local.get 0 ref.func $twice return_call_ref $t)
    (func $again (local i64)
      global.get $left i32.eqz if return end
      global.get $left i32.const 1 i32.sub global.set $left
      return_call $again)
    (func $caught (type $t)
      block try_table (catch_all 0) local.get 0 return_call $throws end end i32.const 9)
    (func (export "calls") (result i32 i32 i32)
      i32.const 1 call $direct i32.const 2 call $indirect i32.const 3 call $ref)
    (func (export "again") call $again)
    (func (export "throws") (result i32) i32.const 0 return_call $caught))
)");
  EXPECT_EQ(Check("text", test_case, Avoidance::TailCall), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::TailCall, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  const size_t kept = text.find("return_call");
  ASSERT_NE(kept, std::string::npos);
  EXPECT_TRUE(std::string_view(text).substr(kept).starts_with("return_call $throws")) << text;
  EXPECT_EQ(text.find("return_call", kept + 1), std::string::npos) << text;
}

TEST(Avoid, NumbersFromTwoToThe31AreOutOfBoundsAllTheSame) {
  std::string source = R"((module
    (type $a (array (mut i8)))
    (type $r (array (mut (ref i31))))
    (table $t 3 anyref)
    (elem $e (ref i31) (item i32.const 1 ref.i31) (item i32.const 2 ref.i31))
    (data $d "0123")
    (func $bytes (result (ref $a)) i32.const 7 i32.const 4 array.new $a)
    (func $refs (result (ref $r)) i32.const 7 ref.i31 i32.const 4 array.new $r))";
  for (const char* first : {"0", "1", "-1", "0x7fffffff"}) {
    for (const char* second : {"0", "2", "-1", "0x7fffffff", "0x80000000"}) {
      source += fmt::format(R"(
    (func (export "copy {0} {1}") (result (ref $a)) (local (ref $a)) call $bytes local.tee 0
      i32.const {0} local.get 0 i32.const 1 i32.const {1} array.copy $a $a local.get 0)
    (func (export "fill {0} {1}") (result (ref $r)) (local (ref $r)) call $refs local.tee 0
      i32.const {0} i32.const 9 ref.i31 i32.const {1} array.fill $r local.get 0)
    (func (export "fill bytes {0} {1}") (result (ref $a)) (local (ref $a)) call $bytes local.tee 0
      i32.const {0} i32.const -1 i32.const {1} array.fill $a local.get 0)
    (func (export "init data {0} {1}") (result (ref $a)) (local (ref $a)) call $bytes local.tee 0
      i32.const 1 i32.const {0} i32.const {1} array.init_data $a $d local.get 0)
    (func (export "init elem {0} {1}") (result (ref $r)) (local (ref $r)) call $refs local.tee 0
      i32.const {0} i32.const 0 i32.const {1} array.init_elem $r $e local.get 0)
    (func (export "table {0} {1}") i32.const {0} ref.null any i32.const {1} table.fill $t)
    (func (export "new data {0} {1}") (result (ref $a))
      i32.const {0} i32.const {1} array.new_data $a $d)
    (func (export "new elem {0} {1}") (result (ref $r))
      i32.const {0} i32.const {1} array.new_elem $r $e))",
                            first, second);
    }
  }
  EXPECT_EQ(Check("text", ReadText(source + ")"), Avoidance::BulkBounds), Checked::Compared);
}

TEST(Avoid, ActiveSegmentsAreEmpty) {
  testcase::TestCase test_case = ReadText(R"((module
    (type $a (array i8)) (type $r (array funcref))
    (memory 1)
    (table 2 funcref)
    (data $active (i32.const 0) "abc")
    (data $passive "abc")
    (elem $funcs (i32.const 0) func $f)
    (elem $declared declare func $f)
    (elem $kept func $f)
    (func $f)
    (func (export "init") (param i32)
      i32.const 8 i32.const 0 local.get 0 memory.init $active
      i32.const 8 i32.const 0 local.get 0 memory.init $passive)
    (func (export "data") (result (ref $a)) i32.const 0 i32.const 1 array.new_data $a $active)
    (func (export "no data") (result (ref $a)) i32.const 0 i32.const 0 array.new_data $a $active)
    (func (export "elem") (result (ref $r)) i32.const 0 i32.const 1 array.new_elem $r $funcs)
    (func (export "declared") (result (ref $r))
      i32.const 0 i32.const 1 array.new_elem $r $declared)
    (func (export "kept") (result (ref $r)) i32.const 0 i32.const 1 array.new_elem $r $kept)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::ActiveSegments), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::ActiveSegments, test_case.module));
  EXPECT_EQ(test_case.module.datas.size(), 3u);
  EXPECT_FALSE(Avoid(Avoidance::ActiveSegments, test_case.module));
}

// Others above it are kept.
TEST(Avoid, ANullAmongSeveralResultsGetsTheTypeThatIsWanted) {
  testcase::TestCase test_case = ReadText(R"((module
    (type $s (struct (field i32)))
    (func $three (param i32) (result nullref (ref $s) i64)
      ref.null none local.get 0 struct.new $s i64.const 5)
    (func (export "three") (result i31ref (ref $s) i64) i32.const 1 call $three)
    (func (export "two") (result eqref f32)
      block (result nullref f32) ref.null none f32.const 1 end)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::BottomNull), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::BottomNull, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  EXPECT_NE(text.find("ref.null i31"), std::string::npos) << text;
  EXPECT_NE(text.find("ref.null eq"), std::string::npos) << text;
}

// In a function that cannot be rewritten the code stays; in the others it does not.
TEST(Avoid, OneFunctionStopsNoOther) {
  testcase::TestCase test_case = ReadText(R"((module
    (func (export "good") (result i32) ref.null none ref.null none ref.eq)
    (func (export "both") (param i32) (result i32)
      block $i31 (result i31ref)
        block $struct (result structref)
          ref.null none local.get 0 br_table $i31 $struct
        end
        drop i32.const 1 return
      end
      drop i32.const 2)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::BottomNull), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::BottomNull, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  EXPECT_NE(text.find("ref.null eq"), std::string::npos) << text;
  EXPECT_NE(text.find("ref.null none"), std::string::npos) << text;
}

// Operands that the instruction before left alone, and uses that are no instruction's own.
TEST(Avoid, TheMakerOfANullIsFoundBehindOthersCode) {
  testcase::TestCase test_case = ReadText(R"((module
    (func (export "far") (result i32) (local i32)
      ref.null none
      block i32.const 1 local.set 0 local.get 0 br_if 0 nop end
      ref.null eq
      ref.eq)
    (func (export "branch") (param nullref) (result i31ref)
      block (result (ref i31)) local.get 0 br_on_non_null 0 ref.null i31 return end)
    (func (export "table") (param i32) (result eqref)
      block $i31 (result i31ref) ref.null none local.get 0 br_table $i31 1 end)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::BottomNull), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::BottomNull, test_case.module));
  const std::string text = text::PrintModule(test_case.module);
  EXPECT_EQ(text.find("ref.null none"), std::string::npos) << text;
}

// Each trap stays the one that it was, and the first of them.
TEST(Avoid, ElementsGoIntoAnArrayThroughAnother) {
  testcase::TestCase test_case = ReadText(R"((module
    (type $a (array (mut i31ref)))
    (elem $e i31ref (item i32.const 1 ref.i31) (item i32.const 2 ref.i31))
    (func $init (param (ref null $a) i32 i32 i32)
      local.get 0 local.get 1 local.get 2 local.get 3 array.init_elem $a $e)
    (func (export "offset") (result (ref $a)) (local $x (ref $a))
      i32.const 3 array.new_default $a local.tee $x
      i32.const 2 i32.const 1 i32.const 1 call $init local.get $x)
    (func (export "null") ref.null $a i32.const -1 i32.const 9 i32.const 9 call $init)
    (func (export "array") i32.const 1 array.new_default $a
      i32.const 1 i32.const 9 i32.const 1 call $init)
    (func (export "segment") i32.const 1 array.new_default $a
      i32.const 0 i32.const 2 i32.const 1 call $init)
    (func (export "dropped") elem.drop $e i32.const 1 array.new_default $a
      i32.const 0 i32.const 0 i32.const 1 call $init)))");
  EXPECT_EQ(Check("text", test_case, Avoidance::InitElem), Checked::Compared);
  ASSERT_TRUE(Avoid(Avoidance::InitElem, test_case.module));
  EXPECT_EQ(text::PrintModule(test_case.module).find("init_elem"), std::string::npos);
}

}  // namespace
}  // namespace slabhound::avoid
