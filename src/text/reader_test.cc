// Text becomes the module it means; what is malformed is told with its place and in one sentence.
#include <gtest/gtest.h>

#include "text/wat.h"
#include "wasm/encode.h"

namespace slabhound::text {
namespace {

std::string ErrorOf(std::string_view source) {
  const auto module = ReadModule(source);
  return module ? "" : module.error().Message();
}

// Both texts read to the same module.
void ExpectSame(std::string_view a, std::string_view b) {
  const auto left = ReadModule(a), right = ReadModule(b);
  ASSERT_TRUE(left.has_value()) << left.error().Message();
  ASSERT_TRUE(right.has_value()) << right.error().Message();
  EXPECT_EQ(wasm::Encode(*left), wasm::Encode(*right)) << a << "\n" << b;
}

TEST(Reader, AbbreviationsMeanTheirLongForms) {
  ExpectSame("(module $m (func))", "(func)");
  ExpectSame("(func (export \"f\") (param $x i32) (local.get $x) drop)",
             "(type (func (param i32))) (func (type 0) local.get 0 drop) (export \"f\" (func 0))");
  ExpectSame("(func (import \"m\" \"n\") (result i32))",
             "(type (func (result i32))) (import \"m\" \"n\" (func (type 0)))");
  ExpectSame("(memory (data \"abc\"))",
             "(memory 1 1) (data (memory 0) (offset i32.const 0) \"abc\")");
  ExpectSame("(func $f) (table funcref (elem $f))",
             "(func) (table 1 1 funcref) (elem (table 0) (offset (i32.const 0)) funcref "
             "(item ref.func 0))");
  ExpectSame("(type (func)) (func (block (if (i32.const 1) (then nop) (else nop))))",
             "(func block i32.const 1 if nop else nop end end)");
}

TEST(Reader, LabelsCountFromTheInside) {
  ExpectSame("(func (block $a (loop $b (block $a (br $a) (br $b)) (br $a))))",
             "(func block loop block br 0 br 1 end br 1 end end)");
}

TEST(Reader, AnnotationsMayHoldAnyToken) {
  ExpectSame("(module (@a x\"y\"z ,;[]{} (@ (b)) $ #) (func (@b (; ) ;) \"\\00\" ) nop))",
             "(func nop)");
  EXPECT_EQ(ErrorOf("(module (@a (b)"), "malformed: unexpected token at 1:16: unclosed annotation");
  EXPECT_EQ(ErrorOf("(module (@ a))"), "malformed: unexpected token at 1:9: empty annotation id");
}

TEST(Reader, CustomAnnotationIsACustomSection) {
  const auto module = ReadModule("(module (@custom \"c\" (after func) \"a\\00\" \"b\") (func))");
  ASSERT_TRUE(module.has_value()) << module.error().Message();
  ASSERT_EQ(module->customs.size(), 1u);
  EXPECT_EQ(module->customs[0].name, "c");
  EXPECT_EQ(module->customs[0].bytes, (Bytes{'a', 0, 'b'}));
  EXPECT_EQ(ErrorOf("(module (@custom))"),
            "malformed: unexpected token at 1:9: a custom section needs a name");
  EXPECT_EQ(ErrorOf("(module\n (@custom \"c\" x))"),
            "malformed: unexpected token at 2:15: expected a string in a custom section");
}

TEST(Reader, AlignmentHas64Bits) {
  const auto module =
      ReadModule("(memory 1) (func i32.const 0 i32.load align=0x8000_0000_0000_0000 drop)");
  ASSERT_TRUE(module.has_value()) << module.error().Message();
  EXPECT_EQ(module->functions[0].body.code[1].b, 63u);
}

TEST(Reader, ErrorsTellTheirPlace) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"(module\n  (func i32.foo))", "malformed: unknown operator at 2:9: i32.foo"},
      {"(func (br $x))", "malformed: unknown name at 1:11: unknown label $x"},
      {"(func\n\n call $f)", "malformed: unknown name at 3:7: unknown function $f"},
      {"(func $f) (func $f)", "malformed: duplicate name at 1:11: duplicate function $f"},
      {"(func (local $a i32) (local $a i32))",
       "malformed: duplicate name at 1:7: duplicate local $a"},
      {"(func (i32.const 0x1_0000_0000))",
       "malformed: constant out of range at 1:18: 0x1_0000_0000"},
      {"(func (i32.const 1_))", "malformed: unexpected token at 1:18: expected a number, found 1_"},
      {"(func block $a end $b)", "malformed: mismatching label at 1:20: b"},
      {"(func block)", "malformed: unexpected token at 1:12: expected end, found )"},
      {"(func", "malformed: unexpected token at 1:6: expected ), found the end"},
      {"(module) x", "malformed: unexpected token at 1:10: expected the end, found x"},
      {"(func) (import \"m\" \"n\" (func))", "malformed: import after definition at 1:8"},
      {"(start 0) (start 0) (func)", "malformed: multiple start sections at 1:18"},
      {"(data \"\\xx\")", "malformed: unexpected token at 1:8: illegal escape"},
      {"(export \"\\ff\" (func 0))",
       "malformed: malformed UTF-8 encoding at 1:9: an export's name"},
      {"(func (v128.const i32x3 0))",
       "malformed: unexpected token at 1:19: expected the shape of a v128, found i32x3"},
      {"(func (v128.const i16x8 0 1))",
       "malformed: unexpected token at 1:28: expected a number for each lane, found )"},
      {"(func (i8x16.extract_lane_s 256))", "malformed: malformed lane index at 1:29: 256"},
      {"(func catch_all)",
       "malformed: unexpected token at 1:7: expected an instruction, found "
       "catch_all"},
      {"(func try delegate 0 end)",
       "malformed: unexpected token at 1:22: expected an instruction, found end"},
      {"(func (try (catch_all)))",
       "malformed: unexpected token at 1:12: expected (do, found (catch_all"},
      {"(memory 1 1 shared)", "unsupported: threads (shared) is outside the profile at 1:13"},
      {"(type (cont 0))", "unsupported: stack switching (cont) is outside the profile at 1:8"},
      {"(func (param (ref (exact 0))))",
       "unsupported: custom descriptors (exact) is outside the profile at 1:20"},
      {"(func (i32.atomic.load))",
       "unsupported: threads (i32.atomic.load) is outside the profile at 1:8"},
      {"(memory 1 (pagesize 1))",
       "unsupported: custom page sizes (pagesize) is outside the profile at 1:12"},
      {"(; x", "malformed: unexpected token at 1:1: unclosed comment"},
      {"(memory 1) (func i32.const 0 i32.load align=3 drop)",
       "malformed: alignment must be a power of two at 1:39"},
      {"(type (func)) (func (type 0) (param i32))",
       "malformed: inline function type at 1:21: type 0 has another signature"},
  };
  for (const auto& [source, message] : cases) EXPECT_EQ(ErrorOf(source), message) << source;
}

TEST(Reader, NestingIsBounded) {
  constexpr int kDepth = 100'000;
  std::string folded, flat, comment;
  for (int i = 0; i < kDepth; ++i) {
    folded += "(block ";
    flat += "block ";
    comment += "(;";
  }
  const std::string closed(kDepth, ')');
  for (const std::string& source : {"(func " + folded + closed + ")", "(func " + flat + ")"}) {
    EXPECT_TRUE(ErrorOf(source).starts_with("limit: ")) << ErrorOf(source);
  }
  EXPECT_EQ(ErrorOf(comment), "malformed: unexpected token at 1:1: unclosed comment");
  EXPECT_EQ(ErrorOf(std::string(kDepth, '(')),
            "malformed: unexpected token at 1:100001: expected ), found the end");
}

}  // namespace
}  // namespace slabhound::text
