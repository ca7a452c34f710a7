// Every error code of the text format is provoked, at its place.

#include "wasm/error.h"

#include <gtest/gtest.h>

#include <set>

#include "text/wat.h"

namespace slabhound::text {
namespace {

using wasm::ErrorCode;

struct Case {
  ErrorCode code;
  std::string_view source;
  uint32_t line = 1, column = 0;  // column 0: not checked
};

constexpr Case kCases[] = {
    {ErrorCode::Syntax, "(module\n  (func", 2, 8},
    {ErrorCode::Syntax, "(module (memory))"},
    {ErrorCode::UnknownOperator, "(func i32.frobnicate)", 1, 7},
    {ErrorCode::ConstantOutOfRange, "(func i32.const 4294967296)", 1, 17},
    {ErrorCode::UnknownName, "(func\n  call $nowhere)", 2, 8},
    {ErrorCode::DuplicateName, "(func $f) (func $f)"},
    {ErrorCode::InlineTypeMismatch, "(type $t (func)) (func (type $t) (param i32))"},
    {ErrorCode::MismatchingLabel, "(func block $a end $b)"},
    {ErrorCode::ImportAfterDefinition, "(func) (import \"m\" \"f\" (func))"},
    {ErrorCode::MultipleStart, "(func) (start 0) (start 0)"},
    {ErrorCode::MalformedAlignment, "(memory 1) (func i32.const 0 i32.load align=3 drop)"},
    {ErrorCode::MalformedLane, "(func i8x16.extract_lane_s 256)", 1, 28},
    {ErrorCode::MalformedUtf8, "(func (export \"\\ff\"))"},
};

TEST(Text, ErrorsHaveTheirCodeAndPlace) {
  for (const Case& one : kCases) {
    const auto module = ReadModule(one.source);
    ASSERT_FALSE(module.has_value()) << one.source;
    EXPECT_EQ(wasm::ErrorName(module.error().code), wasm::ErrorName(one.code))
        << one.source << ": " << module.error().Message();
    EXPECT_EQ(module.error().line, one.line) << one.source;
    if (one.column != 0) {
      EXPECT_EQ(module.error().column, one.column) << one.source;
    }
  }
}

// From the first code of the text format in errors.def to its last.
TEST(Text, EveryErrorCodeOfTheFormatIsProvoked) {
  std::set<ErrorCode> provoked;
  for (const Case& one : kCases) provoked.insert(one.code);
  for (auto code = static_cast<int>(ErrorCode::Syntax);
       code <= static_cast<int>(ErrorCode::MalformedLane); ++code) {
    EXPECT_TRUE(provoked.contains(static_cast<ErrorCode>(code)))
        << wasm::ErrorName(static_cast<ErrorCode>(code));
  }
}

}  // namespace
}  // namespace slabhound::text
