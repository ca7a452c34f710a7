// Plans round-trip through their section, and no section that a file may hold makes reading fail
// otherwise than by an error.
#include "testcase/testcase.h"

#include <gtest/gtest.h>

#include "wasm/decode.h"

namespace slabhound::testcase {
namespace {

wasm::Module ModuleWithExport() {
  wasm::Module module;
  module.types.push_back(
      {.composite = wasm::FuncType{{wasm::ValType::I32, wasm::ValType::I64}, {}}});
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

TEST(TestCase, AHostileSectionIsAnError) {
  for (const std::string_view text :
       {"", "{", "[]", "{\"version\":2}", "{\"version\":1}",
        "{\"version\":1,\"seed\":-1,\"calls\":[]}", "{\"version\":1,\"seed\":0,\"calls\":[1]}",
        "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[\"x\"]]]}",
        "{\"version\":1,\"seed\":0,\"calls\":[[\"f\",[-1]]]}"}) {
    wasm::Module module = ModuleWithExport();
    const ByteSpan bytes = AsBytes(text);
    module.customs.push_back({std::string(kSectionName), Bytes(bytes.begin(), bytes.end())});
    const auto read = MakeTestCase(std::move(module));
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_FALSE(read.error().message.empty());
  }
}

}  // namespace
}  // namespace slabhound::testcase
