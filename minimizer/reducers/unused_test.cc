// What nothing reaches goes piece by piece where some of it is what must stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "minimizer/case.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

testcase::TestCase WithoutUnused(const testcase::TestCase& input, const Predicate& predicate) {
  const Options options;
  Reduction reduction(input, predicate, options);
  ReduceUnused(reduction);
  testcase::TestCase result = reduction.Take();
  result.module.names.reset();
  return result;
}

// Objects that globals hold are there for the collector, whoever reads them.
TEST(Unused, FunctionsGoThoughAGlobalThatNothingReadsMatters) {
  std::string text = "(module (type $a (array i8)) (type $b (array i16)) (table 3 funcref)\n";
  for (int i = 0; i < 30; ++i) text += "(func $f" + std::to_string(i) + ")\n";
  text += R"((elem (i32.const 0) $f1 $f2) (data "bytes") (tag)
    (global i32 (i32.const 1)) (global (ref $b) (array.new_fixed $b 0))
    (global (ref $a) (array.new_fixed $a 0)) (func (export "run")))";
  const auto result = WithoutUnused(CaseOf(text + ")"), [](const testcase::TestCase& each) {
    return std::ranges::any_of(each.module.globals, [&](const wasm::Global& global) {
      const wasm::CompositeType& type = each.module.types[global.init.code[0].a].composite;
      return type == wasm::CompositeType(wasm::ArrayType{{wasm::StorageType::I8}});
    });
  });
  EXPECT_EQ(text::PrintModule(result.module), R"((module
  (type (;0;) (array i8))
  (type (;1;) (func))
  (global (ref 0) array.new_fixed 0 0)
  (export "run" (func 0))
  (func (;0;) (type 1)
  )
)
)");
}

TEST(Unused, FunctionsGoThoughASegmentAndItsTableMatter) {
  const auto result =
      WithoutUnused(CaseOf(R"((module (table 3 funcref) (table 5 funcref)
    (elem (table 0) (i32.const 0) func $f) (elem (table 1) (i32.const 0) func $g)
    (func $f) (func $g) (func $h) (func $i) (func (export "run"))))"),
                    [](const testcase::TestCase& each) { return !each.module.elems.empty(); });
  EXPECT_EQ(result.module.tables.size(), 1u);
  EXPECT_EQ(result.module.functions.size(), 2u);
}

}  // namespace
}  // namespace slabhound::minimizer
