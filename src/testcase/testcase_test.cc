// Plans round-trip through their section, and no section that a file may hold makes reading fail
// otherwise than by an error.
#include "testcase/testcase.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "wasm/builder.h"
#include "wasm/decode.h"
#include "wasm/encode.h"
#include "wasm/names.h"

namespace slabhound::testcase {
namespace {

wasm::Module ModuleWithExport() {
  wasm::Module module;
  module.types.push_back(
      {.is_final = true,
       .supers = {},
       .composite = wasm::FuncType{{wasm::ValType::I32, wasm::ValType::I64}, {}}});
  module.rec_groups.push_back({0, 1, false});
  wasm::Function function;
  function.body.code.push_back({.op = wasm::Opcode::End});
  module.functions.push_back(function);
  module.exports.push_back({"f", wasm::ExternKind::Func, 0, 0});
  return module;
}

TEST(TestCase, TheDefaultPlanCallsEveryExportInRounds) {
  const Plan plan = DefaultPlan(ModuleWithExport());
  ASSERT_EQ(plan.calls.size(), kDefaultRounds);
  EXPECT_EQ(plan.calls[0].export_name, "f");
  EXPECT_EQ(plan.calls[0].arguments.size(), 2u);
  EXPECT_EQ(plan, DefaultPlan(ModuleWithExport()));
  EXPECT_NE(plan, DefaultPlan(ModuleWithExport(), 1));
}

TEST(TestCase, ADefaultPlanNeedsNoSection) {
  TestCase test_case{ModuleWithExport(), DefaultPlan(ModuleWithExport())};
  const auto module = wasm::Decode(WriteTestCase(test_case));
  ASSERT_TRUE(module.has_value());
  EXPECT_TRUE(module->customs.empty());
}

TEST(TestCase, AnyOtherPlanRoundTrips) {
  TestCase test_case{ModuleWithExport(), {7, {{"f", {1, UINT64_MAX}}, {"\"\\ \xc3\xa9", {}}}}};
  auto module = wasm::Decode(WriteTestCase(test_case));
  ASSERT_TRUE(module.has_value());
  const auto read = MakeTestCase(std::move(*module));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->plan, test_case.plan);
  EXPECT_TRUE(read->module.customs.empty());
}

TEST(TestCase, OtherCustomSectionsStayWhereTheyAre) {
  TestCase test_case{ModuleWithExport(), {7, {}}};
  test_case.module.customs.push_back({"first", {1}});
  test_case.module.customs.push_back({"other", {2, 3}});
  auto module = wasm::Decode(WriteTestCase(test_case));
  ASSERT_TRUE(module.has_value());
  const auto read = MakeTestCase(std::move(*module));
  ASSERT_TRUE(read.has_value());
  ASSERT_EQ(read->module.customs.size(), 2u);
  EXPECT_EQ(read->module.customs[0].name, "first");
  EXPECT_EQ(read->module.customs[1].bytes, (Bytes{2, 3}));
}

TEST(TestCase, NamesRoundTripThroughTheirSection) {
  TestCase test_case{ModuleWithExport(), DefaultPlan(ModuleWithExport())};
  wasm::Names names;
  names.of(wasm::IndexSpace::Func) = {{0, "it"}};
  test_case.module.names = std::make_shared<const wasm::Names>(names);
  const auto read = ReadTestCase(WriteTestCase(test_case));
  ASSERT_TRUE(read.has_value() && read->module.names);
  EXPECT_EQ(read->module.names->of(wasm::IndexSpace::Func), names.of(wasm::IndexSpace::Func));
  EXPECT_TRUE(read->module.customs.empty());
}

TEST(TestCase, ABrokenNameSectionIsNoError) {
  wasm::Module module = ModuleWithExport();
  module.customs.push_back({"name", {1, 0xff}});
  const auto read = ReadTestCase(wasm::Encode(module));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->module.names, nullptr);
}

TEST(TestCase, TheDefaultPlanSkipsWhatCannotBeCalled) {
  wasm::Module module = ModuleWithExport();
  module.exports = {{"global", wasm::ExternKind::Global, 0, 0},
                    {"beyond", wasm::ExternKind::Func, 7, 0},
                    {"f", wasm::ExternKind::Func, 0, 0}};
  for (const Call& call : DefaultPlan(module).calls) EXPECT_EQ(call.export_name, "f");
  module.functions[0].type = 9;
  EXPECT_TRUE(DefaultPlan(module).calls.empty());
}

TEST(TestCase, TheDefaultPlanCountsImportedFunctionsFirst) {
  wasm::Module module = ModuleWithExport();
  module.types.push_back({.is_final = true, .supers = {}, .composite = wasm::FuncType{}});
  module.rec_groups.push_back({1, 1, false});
  module.imports.push_back({"m", "n", wasm::FuncRef{1}, 0});
  EXPECT_TRUE(DefaultPlan(module).calls.at(0).arguments.empty());
  module.exports[0].index = 1;
  EXPECT_EQ(DefaultPlan(module).calls.at(0).arguments.size(), 2u);
}

TEST(TestCase, TheDefaultPlanIsBounded) {
  wasm::Module module = ModuleWithExport();
  for (int i = 0; i < 20'000; ++i) {
    module.exports.push_back({std::to_string(i), wasm::ExternKind::Func, 0, 0});
  }
  EXPECT_EQ(DefaultPlan(module).calls.size(), kCallsMax);
}

TEST(TestCase, EnginesOfAPlanRoundTrip) {
  TestCase test_case{ModuleWithExport(), DefaultPlan(ModuleWithExport())};
  test_case.plan.engines = {"oracle", "wasmtime@50.0.1:points=1"};
  const auto read = ReadTestCase(WriteTestCase(test_case));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->plan, test_case.plan);
}

TEST(TestCase, CarriesItsBudgets) {
  TestCase test_case{ModuleWithExport(), {}};
  test_case.plan = DefaultPlan(test_case.module);
  const Bytes plain = WriteTestCase(test_case);
  test_case.plan.budgets = kPersonBudgets;
  EXPECT_EQ(WriteTestCase(test_case), plain);
  test_case.plan.budgets->call_depth_max = 7;
  const Bytes bytes = WriteTestCase(test_case);
  EXPECT_EQ(ReadTestCase(bytes)->plan, test_case.plan);
  EXPECT_EQ(WithBudgets(plain, *test_case.plan.budgets), bytes);
  EXPECT_EQ(AsText(bytes).find("calls"), std::string_view::npos) << "they are the default ones";
  test_case.plan.calls.clear();
  EXPECT_EQ(ReadTestCase(WriteTestCase(test_case))->plan, test_case.plan);
}

TEST(TestCase, BudgetsAreWithinTheirRange) {
  const auto error = [](std::string_view budgets) {
    wasm::Module module = ModuleWithExport();
    const std::string text = "{\"version\":1,\"seed\":0,\"budgets\":" + std::string(budgets) + "}";
    const ByteSpan bytes = AsBytes(text);
    module.customs.push_back({std::string(kSectionName), Bytes(bytes.begin(), bytes.end())});
    const auto test_case = MakeTestCase(std::move(module));
    return test_case ? std::string() : test_case.error().message;
  };
  EXPECT_EQ(error("{}"), "");
  EXPECT_EQ(error("{\"fuel\":1,\"depth\":100000}"), "");
  const std::string where = "the plan in custom section slabhound: ";
  EXPECT_EQ(error("[]"), where + "its budgets are no object");
  EXPECT_EQ(error("{\"fuel\":0}"), where + "budget fuel: 0 is not from 1 to 4294967295");
  EXPECT_EQ(error("{\"depth\":1e99}"), where + "budget depth: 1e+99 is not from 1 to 100000");
  EXPECT_EQ(error("{\"time\":1}"), where + "no budget is called time");
}

TEST(TestCase, MemoriesMayGrowAsFarAsTheLargestIsFromTheStart) {
  wasm::ModuleBuilder builder;
  EXPECT_EQ(MemoryPagesMax(builder.module()), kMemoryPagesMax);
  builder.Memory({.min = 33, .max = {}, .is_64 = false});
  builder.Memory({.min = 1, .max = {}, .is_64 = false});
  EXPECT_EQ(MemoryPagesMax(builder.module()), 33u);
  builder.Memory({.min = kMemoryMinimumMax + 1, .max = {}, .is_64 = false});
  EXPECT_EQ(MemoryPagesMax(builder.module()), 33u);
  builder.Memory({.min = kMemoryMinimumMax, .max = {}, .is_64 = false});
  EXPECT_EQ(MemoryPagesMax(builder.module()), kMemoryMinimumMax);
}

TEST(TestCase, ASecondSectionIsAnError) {
  wasm::Module module = ModuleWithExport();
  const ByteSpan bytes = AsBytes("{\"version\":1,\"seed\":0,\"calls\":[]}");
  for (int i = 0; i < 2; ++i) {
    module.customs.push_back({std::string(kSectionName), Bytes(bytes.begin(), bytes.end())});
  }
  EXPECT_FALSE(MakeTestCase(std::move(module)).has_value());
}

TEST(TestCase, AHostileSectionIsAnError) {
  const std::string deep(1'000'000, '[');
  const std::string nested = "{\"version\":1,\"seed\":0,\"calls\":" + std::string(500'000, '[') +
                             std::string(500'000, ']') + "}";
  std::string wide = "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[0";
  for (size_t i = 0; i < kArgumentsMax; ++i) wide += ",0";
  wide += "]]]}";
  std::string many = "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[]]";
  for (size_t i = 0; i < kCallsMax; ++i) many += ",[\"f\",[]]";
  many += "]}";
  const std::string large(kSectionBytesMax + 1, ' ');
  for (const std::string_view text : std::initializer_list<std::string_view>{
           std::string_view(deep),
           std::string_view(nested),
           std::string_view(wide),
           std::string_view(many),
           std::string_view(large),
           "",
           "{",
           "[]",
           "null",
           "\xff\xfe",
           "{\"version\":1,\"seed\":0,\"calls\":{}}",
           "{\"version\":1,\"seed\":1e99,\"calls\":[]}",
           "{\"version\":1,\"seed\":99999999999999999999,\"calls\":[]}",
           "{\"version\":1,\"seed\":0,\"calls\":[[7,[]]]}",
           "{\"version\":1,\"seed\":0,\"calls\":[[]]}",
           "{\"version\":2}",
           "{\"version\":1}",
           "{\"version\":1,\"seed\":-1,\"calls\":[]}",
           "{\"version\":1,\"seed\":0,\"calls\":[],\"engines\":7}",
           "{\"version\":1,\"seed\":0,\"calls\":[],\"engines\":[\"\"]}",
           "{\"version\":1,\"seed\":0,\"calls\":[],\"engines\":[\"a\\nb\"]}",
           "{\"version\":1,\"seed\":0,\"calls\":[1]}",
           "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[\"x\"]]]}",
           "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[-1]]]}"}) {
    wasm::Module module = ModuleWithExport();
    const ByteSpan bytes = AsBytes(text);
    module.customs.push_back({std::string(kSectionName), Bytes(bytes.begin(), bytes.end())});
    const auto read = MakeTestCase(std::move(module));
    ASSERT_FALSE(read.has_value()) << text.substr(0, 80);
    EXPECT_FALSE(read.error().message.empty());
  }
}

}  // namespace
}  // namespace slabhound::testcase
