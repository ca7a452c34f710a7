// Goal: a shape tells what a case is made of: names, order, numbers and what only shows the finding
// are of no matter, and telling instructions are of more than plain ones.
#include "cause/shape.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "text/wat.h"

namespace slabhound::cause {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

Shape Of(std::string_view source) { return ShapeOf(text::ReadModule(source).value()); }

constexpr std::string_view kArray = R"((module
  (type $a (array (mut i8)))
  (func (export "f") (result i32)
    (array.get_u $a (array.new_data $a 0 (i32.const 0) (i32.const 1)) (i32.const 0)))
  (data "\06")))";

TEST(Shape, NamesOrderAndNumbersAreOfNoMatter) {
  EXPECT_EQ(Of(R"((module
    (type $s (struct)) (type $other (array (mut i8)))
    (data "\07\08")
    (func (export "g") (param i32)
      (drop (array.get_u $other (array.new_data $other 0 (i32.const 0) (i32.const 1))
                         (i32.const 0))))))"),
            Of(kArray));
  EXPECT_EQ(Of("(module (func (drop (i32.const 5)) (drop (i64.const 500))))"),
            Of("(module (func (drop (i64.const 1000)) (drop (i32.const -7))))"));
  EXPECT_NE(Of("(module (func (drop (i32.const 5))))"), Of("(module (func (drop (i32.const 0))))"));
}

TEST(Shape, AGramNamesKindsOfTypesAndWhereAValueGoes) {
  EXPECT_THAT(Of(kArray).grams, IsSupersetOf({"array.new_data", "array.new_data {mut packed}",
                                              "array.new_data in array.get"}));
  EXPECT_THAT(
      Of(R"((module
    (import "slabhound" "gc" (func $gc))
    (type $s (struct (field (mut anyref)) (field i32)))
    (global (ref $s) (struct.new $s (ref.null none) (i32.const 0)))
    (func (local (ref null $s))
      (local.set 0 (struct.new_default $s)) (call $gc) (drop (struct.get $s 1 (local.get 0))))))")
          .grams,
      IsSupersetOf({"object in global", "struct.new_default {mut ref any, scalar}", "call gc"}));
}

TEST(Shape, InstructionsThatEnginesDoWithTheSameCodeAreOne) {
  const auto casts = [](const char* op) {
    return fmt::format("(module (func (param anyref) (drop ({} (local.get 0)))))", op);
  };
  EXPECT_EQ(Of(casts("ref.test i31ref")), Of(casts("ref.cast i31ref")));
  EXPECT_NE(Of(casts("ref.test i31ref")), Of(casts("ref.test arrayref")));
}

TEST(Shape, WhatOnlyHandsValuesOnIsLeftOut) {
  const Shape shape = Of(R"((module (func (param i32) (result i32)
    (block (result i32) (i32.eqz (local.get 0))))))");
  EXPECT_THAT(shape.grams, Contains("i32.eqz"));
  for (const char* plumbing : {"block", "local.get", "i32.eqz in block"}) {
    EXPECT_THAT(shape.grams, Not(Contains(plumbing)));
  }
}

TEST(Shape, TellingInstructionsKeepCasesApart) {
  const Shape plain{{"array.get", "array.new_fixed", "loop", "struct.new"}};
  Shape other = plain, same = plain;
  other.grams.push_back("table.get");
  same.grams.push_back("struct.set");
  EXPECT_EQ(Distance(plain, plain), 0);
  EXPECT_LT(Distance(plain, same), Distance(plain, other));
  EXPECT_EQ(Distance(plain, other), Distance(other, plain));
  EXPECT_EQ(Distance({}, {}), 0);
  EXPECT_LT(Distance({{"a", "b"}}, {{"c", "d"}}), 1);
}

}  // namespace
}  // namespace slabhound::cause
