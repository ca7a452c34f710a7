// Names survive their section; what is wrong in one costs at most the names behind it.
#include "wasm/names.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "wasm/module.h"

namespace slabhound::wasm {
namespace {

// Two functions, a global, a structure of two fields.
Module Sample() {
  Module module;
  module.types.push_back({.is_final = true, .supers = {}, .composite = FuncType{}});
  module.types.push_back(
      {.is_final = true, .supers = {}, .composite = StructType{{{ValType::I32}, {ValType::I64}}}});
  module.rec_groups = {{0, 1, false}, {1, 1, false}};
  module.functions.resize(2);
  module.globals.resize(1);
  return module;
}

Names SampleNames() {
  Names names;
  names.of(IndexSpace::Func) = {{0, "first"}, {1, "second"}};
  names.of(IndexSpace::Global) = {{0, "count"}};
  names.of(IndexSpace::Type) = {{1, "pair"}};
  names.locals[1] = {{0, "x"}, {7, "y"}};
  names.fields[1] = {{1, "right"}};
  return names;
}

void ExpectSame(const Names& a, const Names& b) {
  EXPECT_EQ(a.spaces, b.spaces);
  EXPECT_EQ(a.locals, b.locals);
  EXPECT_EQ(a.fields, b.fields);
}

TEST(Names, SurviveTheirSection) {
  ExpectSame(ReadNames(NameSection(SampleNames()), Sample()), SampleNames());
  EXPECT_TRUE(NameSection({}).empty());
}

TEST(Names, OfWhatIsNotThereAreLeftOut) {
  Names names = SampleNames();
  names.of(IndexSpace::Func)[2] = "third";
  names.locals[9] = {{0, "z"}};
  names.fields[1][10'000] = "far";
  ExpectSame(ReadNames(NameSection(names), Sample()), SampleNames());
}

TEST(Names, ABrokenSectionKeepsWhatStandsBefore) {
  Bytes section = NameSection(SampleNames());
  for (size_t size = 0; size < section.size(); ++size) {
    ReadNames(ByteSpan(section).first(size), Sample());
  }
  // A name that is no UTF-8, in the second of the functions; later subsections are whole.
  const auto at = std::ranges::search(section, std::string_view("second")).begin();
  *at = 0xff;
  Names expected = SampleNames();
  expected.of(IndexSpace::Func).erase(1);
  ExpectSame(ReadNames(section, Sample()), expected);
  // An unknown subsection, then a count that lies.
  const Bytes hostile = {99, 1, 0, 1, 5, 0xff, 0xff, 0xff, 0xff, 0x0f};
  EXPECT_TRUE(ReadNames(hostile, Sample()).empty());
}

TEST(Names, AreRenumberedWithTheirModule) {
  Module module = Sample();
  module.names = std::make_shared<const Names>(SampleNames());
  const auto shared = module.names;
  RenumberNames(module, IndexSpace::Func, [](uint32_t index) {
    return index == 0 ? std::nullopt : std::optional(index - 1);
  });
  EXPECT_EQ(module.names->of(IndexSpace::Func), (NameMap{{0, "second"}}));
  EXPECT_TRUE(module.names->locals.contains(0));
  RenumberLocalNames(module, 0, [](uint32_t index) { return std::optional(index + 1); });
  EXPECT_EQ(module.names->locals.at(0), (NameMap{{1, "x"}, {8, "y"}}));
  RenumberFieldNames(module, 1, [](uint32_t) { return std::nullopt; });
  EXPECT_TRUE(module.names->fields.at(1).empty());
  ExpectSame(*shared, SampleNames());
}

TEST(Names, AreToldOnlyWhereTheyAreIdentifiers) {
  Names names;
  names.of(IndexSpace::Global) = {{0, "count"}, {1, "two\nlines"}, {2, std::string(500, 'x')}};
  EXPECT_EQ(IndexText(&names, IndexSpace::Global, 0), "$count (;0;)");
  for (const uint32_t index : {1u, 2u, 3u}) {
    EXPECT_EQ(IndexText(&names, IndexSpace::Global, index), std::to_string(index));
  }
  EXPECT_EQ(IndexText(nullptr, IndexSpace::Global, 0), "0");
  EXPECT_EQ(LocalText(&names, 0, 4), "4");
}

}  // namespace
}  // namespace slabhound::wasm
