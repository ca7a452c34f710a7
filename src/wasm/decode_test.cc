// The decoder against single binaries: every error code it can give, at its offset; integers, names
// and sections in their accepted forms; and memory that follows the input, not the counts it
// declares.
#include "wasm/decode.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <set>
#include <string>

#include "base/leb128.h"
#include "wasm/limits.h"

namespace slabhound::wasm {
namespace {

// A binary in pieces: bytes as they stand, sections with their sizes filled in.
class Binary {
 public:
  Binary() : bytes_{0, 'a', 's', 'm', 1, 0, 0, 0} {}
  explicit Binary(Bytes bytes) : bytes_(std::move(bytes)) {}
  Binary& Section(uint8_t id, Bytes content) {
    bytes_.push_back(id);
    AppendUnsignedLeb(bytes_, content.size());
    return Raw(content);
  }
  Binary& Raw(const Bytes& more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }
  // One function of type [] -> [] with this body: locals, code and end as given.
  Binary& Function(const Bytes& body) {
    Section(1, {1, 0x60, 0, 0}).Section(3, {1, 0});
    Bytes content = {1};
    AppendUnsignedLeb(content, body.size());
    content.insert(content.end(), body.begin(), body.end());
    return Section(10, content);
  }
  // The same without locals, closed by an end.
  Binary& Code(Bytes code) {
    code.insert(code.begin(), 0);
    code.push_back(0x0b);
    return Function(code);
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

struct Case {
  ErrorCode code;
  std::string what;
  Binary binary;
  int offset = -1;  // where the error stands; -1: not checked
};

std::vector<Case> Cases() {
  using enum ErrorCode;
  const Bytes huge = {0xff, 0xff, 0xff, 0xff, 0x0f};
  Bytes huge_locals = {2};
  for (int i = 0; i < 2; ++i) {
    huge_locals.insert(huge_locals.end(), huge.begin(), huge.end());
    huge_locals.push_back(0x7f);
  }
  huge_locals.push_back(0x0b);
  Bytes many_types = {0x60};
  AppendUnsignedLeb(many_types, 1001);
  many_types.insert(many_types.end(), 1001, 0x7f);
  many_types.push_back(0);
  many_types.insert(many_types.begin(), 1);
  Bytes nested;
  for (uint32_t i = 0; i < limits::kNestingMax; ++i) nested.insert(nested.end(), {0x02, 0x40});
  return {
      {UnexpectedEnd, "nothing", Binary(Bytes{}), 0},
      {UnexpectedEnd, "half a header", Binary({0, 'a', 's', 'm', 1, 0}), 4},
      {UnexpectedEnd, "body without end", Binary().Function({0, 0x01})},
      {UnexpectedEnd, "count beyond the section", Binary().Section(1, {0x7f}), 10},
      {UnexpectedEnd, "four billion types", Binary().Section(1, huge), 10},
      {UnexpectedEnd, "half a constant", Binary().Function({0, 0x43, 0, 0})},
      {BadMagic, "other letters", Binary({0, 'a', 's', 'n', 1, 0, 0, 0}), 0},
      {BadVersion, "version 2", Binary({0, 'a', 's', 'm', 2, 0, 0, 0}), 4},
      {IntegerTooLong, "a sixth byte", Binary().Raw({1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), 9},
      {IntegerTooLong, "i32.const", Binary().Code({0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00})},
      {IntegerTooLarge, "a 33rd bit", Binary().Raw({1, 0xff, 0xff, 0xff, 0xff, 0x1f}), 9},
      {IntegerTooLarge, "i32.const", Binary().Code({0x41, 0xff, 0xff, 0xff, 0xff, 0x0f})},
      {LengthOutOfBounds, "section beyond the end", Binary().Raw({1, 9, 0}), 10},
      {MalformedUtf8, "import name", Binary().Section(2, {1, 1, 0xff, 0, 0, 0}), 11},
      {MalformedUtf8, "custom section name", Binary().Section(0, {1, 0xc0}), 10},
      {MalformedSectionId, "14", Binary().Section(14, {}), 8},
      {SectionSizeMismatch, "bytes behind the types", Binary().Section(1, {0, 0}), 11},
      {SectionSizeMismatch, "bytes behind a body's end", Binary().Function({0, 0x0b, 0x0b})},
      {UnexpectedContent, "twice the types", Binary().Section(1, {0}).Section(1, {0}), 11},
      {UnexpectedContent, "imports before types", Binary().Section(2, {0}).Section(1, {0}), 11},
      {UnexpectedContent, "tags behind globals", Binary().Section(6, {0}).Section(13, {0}), 11},
      {InconsistentCounts, "no code", Binary().Section(1, {1, 0x60, 0, 0}).Section(3, {1, 0})},
      {InconsistentCounts, "code alone", Binary().Section(10, {1, 2, 0, 0x0b}), 10},
      {InconsistentDataCount, "count without data", Binary().Section(12, {1})},
      {DataCountRequired, "data.drop without count", Binary().Code({0xfc, 0x09, 0x00}), 23},
      {IllegalOpcode, "0xff", Binary().Code({0xff}), 23},
      {IllegalOpcode, "0xfb 0x1f", Binary().Code({0xfb, 0x1f}), 23},
      {IllegalOpcode, "a wide code", Binary().Code({0xfc, 0xff, 0xff, 0x03}), 23},
      {IllegalOpcode, "else without if", Binary().Code({0x05}), 23},
      {IllegalOpcode, "else twice", Binary().Code({0x04, 0x40, 0x05, 0x05, 0x0b}), 26},
      {ZeroByteExpected, "table with initializer", Binary().Section(4, {1, 0x40, 1, 0x70, 0, 0}),
       12},
      {TooManyLocals, "two times 2^32 - 1", Binary().Function(huge_locals)},
      {MalformedType, "composite", Binary().Section(1, {1, 0x61}), 11},
      {MalformedType, "value", Binary().Section(1, {1, 0x60, 1, 0x40, 0}), 13},
      {MalformedType, "reference", Binary().Section(4, {1, 0x7f, 0, 0}), 11},
      {MalformedType, "negative heap type", Binary().Code({0xd0, 0x40})},
      {MalformedType, "negative block type", Binary().Code({0x02, 0x81, 0x7f, 0x0b})},
      {MalformedLimits, "flags 16", Binary().Section(5, {1, 16, 0}), 11},
      {MalformedMutability, "2", Binary().Section(1, {1, 0x5e, 0x7f, 2}), 13},
      {MalformedImportKind, "5", Binary().Section(2, {1, 0, 0, 5, 0}), 13},
      {MalformedExportKind, "5", Binary().Section(7, {1, 0, 5, 0}), 12},
      {MalformedSegmentKind, "elements 8", Binary().Section(9, {1, 8, 0}), 11},
      {MalformedSegmentKind, "element kind 1", Binary().Section(9, {1, 1, 1, 0}), 12},
      {MalformedSegmentKind, "data 3", Binary().Section(11, {1, 3, 0}), 11},
      {MalformedTag, "attribute 1", Binary().Section(13, {1, 1, 0}), 11},
      {MalformedCatch, "kind 4", Binary().Code({0x1f, 0x40, 1, 4, 0, 0x0b}), 26},
      {MalformedMemop, "flags 0x80", Binary().Code({0x28, 0x80, 0x01, 0}), 24},
      {MalformedCastFlags, "4", Binary().Code({0xfb, 0x18, 4, 0, 0x6e, 0x6e}), 25},
      {IllegalOpcode, "0xfd 0x9a", Binary().Code({0xfd, 0x9a, 0x01}), 23},
      {IllegalOpcode, "catch without try", Binary().Code({0x07, 0x00}), 23},
      {IllegalOpcode, "delegate behind a catch", Binary().Code({0x06, 0x40, 0x19, 0x18, 0x00}), 26},
      {Unsupported, "atomic.fence", Binary().Code({0xfe, 0x03, 0x00})},
      {Unsupported, "shared memory", Binary().Section(5, {1, 3, 0, 1}), 11},
      {Unsupported, "half precision", Binary().Code({0xfd, 0xa0, 0x02})},
      {Unsupported, "custom page sizes", Binary().Section(5, {1, 8, 0, 0}), 11},
      {Unsupported, "exact function", Binary().Section(2, {1, 0, 0, 0x20, 0}), 13},
      {Unsupported, "compact imports", Binary().Section(2, {1, 0, 0, 0x7f, 0}), 13},
      {Unsupported, "exact reference", Binary().Section(1, {1, 0x60, 1, 0x64, 0x62, 0, 0})},
      {Unsupported, "wide arithmetic", Binary().Code({0xfc, 0x13})},
      {Unsupported, "stack switching", Binary().Code({0xe0, 0x00})},
      {Unsupported, "continuation type", Binary().Section(1, {1, 0x5d, 0})},
      {Unsupported, "strings", Binary().Code({0xfb, 0x80, 0x01})},
      {Unsupported, "memory.discard", Binary().Code({0xfc, 0x12, 0x00})},
      {Unsupported, "struct.new_desc", Binary().Code({0xfb, 0x20, 0x00})},
      {LimitExceeded, "50,001 locals", Binary().Function({1, 0xd1, 0x86, 0x03, 0x7f, 0x0b}), 22},
      {LimitExceeded, "1001 parameters", Binary().Section(1, many_types)},
      {LimitExceeded, "blocks within blocks", Binary().Code(nested)},
      {UnknownType, "an index no module can have",
       Binary().Code({0xd0, 0xff, 0xff, 0xff, 0xff, 0x07})},
  };
}

TEST(Decode, ErrorsHaveTheirCodeAndOffset) {
  for (const Case& one : Cases()) {
    const auto module = Decode(one.binary.bytes());
    ASSERT_FALSE(module.has_value()) << one.what;
    EXPECT_EQ(ErrorName(module.error().code), ErrorName(one.code))
        << one.what << ": " << module.error().Message();
    if (one.offset >= 0) {
      EXPECT_EQ(module.error().offset, static_cast<uint32_t>(one.offset)) << one.what;
    }
    EXPECT_LE(module.error().offset, one.binary.bytes().size()) << one.what;
  }
}

// The codes of the binary format: everything from the table's start to the text's first, and what
// is no Invalid.
TEST(Decode, EveryErrorCodeOfTheFormatIsProvoked) {
  std::set<ErrorCode> provoked;
  for (const Case& one : Cases()) provoked.insert(one.code);
#define SLABHOUND_ERROR(name, error_class, phrase)                                                \
  if (ErrorCode::name < ErrorCode::Syntax || (ErrorClass::error_class != ErrorClass::Malformed && \
                                              ErrorClass::error_class != ErrorClass::Invalid)) {  \
    EXPECT_TRUE(provoked.contains(ErrorCode::name) || ErrorCode::name == ErrorCode::EndExpected)  \
        << #name;                                                                                 \
  }
#include "wasm/errors.def"
}

TEST(Decode, EveryTruncationIsMalformedAndNeverCrashes) {
  const Bytes whole =
      Binary()
          .Section(1, {2, 0x60, 1, 0x7f, 1, 0x7f, 0x4e, 1, 0x50, 0, 0x5f, 1, 0x78, 1})
          .Section(2, {1, 1, 'm', 1, 'n', 3, 0x7f, 0})
          .Section(3, {1, 0})
          .Section(7, {1, 1, 'f', 0, 0})
          .Section(10, {1, 9, 1, 2, 0x7e, 0x20, 0, 0x41, 1, 0x6a, 0x0b})
          .bytes();
  ASSERT_TRUE(Decode(whole).has_value()) << Decode(whole).error().Message();
  std::set<size_t> accepted;
  for (size_t size = 0; size < whole.size(); ++size) {
    const auto module = Decode(ByteSpan(whole).first(size));
    if (module) {
      accepted.insert(size);
    } else {
      EXPECT_EQ(module.error().error_class(), ErrorClass::Malformed) << size;
    }
  }
  // Between sections, as long as no function lacks its body.
  EXPECT_EQ(accepted, (std::set<size_t>{8, 24, 34}));
}

TEST(Decode, LongFormsOfIntegersAreAccepted) {
  const auto module = Decode(
      Binary()
          .Code({0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x1a, 0x02, 0x40, 0x0c, 0x80, 0x00, 0x0b})
          .bytes());
  ASSERT_TRUE(module.has_value());
  const std::vector<Instr>& code = module->functions[0].body.code;
  EXPECT_EQ(code[0].bits, 0xffff'ffffu);
  EXPECT_EQ(code[3].a, 0u);
  EXPECT_EQ(code[3].offset, 32u);
}

TEST(Decode, CustomSectionsStandAnywhereAndKeepTheirBytes) {
  const auto module = Decode(Binary()
                                 .Section(0, {1, 'a', 7})
                                 .Section(1, {0})
                                 .Section(0, {1, 'b'})
                                 .Section(5, {0})
                                 .bytes());
  ASSERT_TRUE(module.has_value());
  ASSERT_EQ(module->customs.size(), 2u);
  EXPECT_EQ(module->customs[0].name, "a");
  EXPECT_EQ(module->customs[0].bytes, Bytes{7});
}

TEST(Decode, ConstantExpressionsNeedNoDataCount) {
  // global of type (ref array) initialized by array.new_data: valid or not, it is well-formed (spec
  // 5.5.16).
  const auto module =
      Decode(Binary()
                 .Section(1, {1, 0x5e, 0x78, 0})
                 .Section(6, {1, 0x64, 0, 0, 0x41, 0, 0x41, 0, 0xfb, 0x09, 0, 0, 0x0b})
                 .Section(11, {1, 1, 0})
                 .bytes());
  EXPECT_TRUE(module.has_value()) << module.error().Message();
}

TEST(Decode, TypesKnowWhereTheyStand) {
  const auto module =
      Decode(Binary().Section(1, {2, 0x4e, 2, 0x5f, 0, 0x60, 0, 0, 0x5e, 0x7f, 0}).bytes());
  ASSERT_TRUE(module.has_value());
  EXPECT_EQ(module->type_offsets, (std::vector<uint32_t>{13, 15, 18}));
  ASSERT_EQ(module->rec_groups.size(), 2u);
  EXPECT_EQ(module->rec_groups[0].count, 2u);
  EXPECT_TRUE(module->rec_groups[0].is_explicit);
}

TEST(Decode, LocalsOfAllFunctionsTogetherAreBounded) {
  Bytes types = {1, 0x60, 0, 0}, functions, bodies;
  constexpr uint32_t kCount = limits::kLocalsTotalMax / 50'000 + 1;
  AppendUnsignedLeb(functions, kCount);
  AppendUnsignedLeb(bodies, kCount);
  for (uint32_t i = 0; i < kCount; ++i) {
    functions.push_back(0);
    bodies.insert(bodies.end(), {6, 1, 0xd0, 0x86, 0x03, 0x7f, 0x0b});
  }
  const auto module =
      Decode(Binary().Section(1, types).Section(3, functions).Section(10, bodies).bytes());
  ASSERT_FALSE(module.has_value());
  EXPECT_EQ(module.error().code, ErrorCode::LimitExceeded);
}

TEST(Decode, CustomSectionsAreLimited) {
  Binary binary;
  for (uint32_t i = 0; i <= limits::kCustomSectionsMax; ++i) binary.Raw({0, 1, 0});
  const auto module = Decode(binary.bytes());
  ASSERT_FALSE(module.has_value());
  EXPECT_EQ(module.error().code, ErrorCode::LimitExceeded);
}

TEST(Decode, OversizedInputIsRefusedUnread) {
  const Bytes bytes(limits::kModuleBytesMax + 1);
  const auto module = Decode(bytes);
  ASSERT_FALSE(module.has_value());
  EXPECT_EQ(module.error().code, ErrorCode::LimitExceeded);
}

}  // namespace
}  // namespace slabhound::wasm
