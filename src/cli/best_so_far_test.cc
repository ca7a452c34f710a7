// What is left of a start that was killed is found by the next, and by none of another input.
#include "cli/best_so_far.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/test_folder.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

testcase::TestCase CaseOf(std::string_view text) {
  return *testcase::MakeTestCase(*text::ReadModule(text));
}

TEST(BestSoFar, IsFoundByTheNextStartOfTheSameInput) {
  const TestFolder folder;
  const std::string path = folder.File("small.best.wasm");
  const testcase::TestCase input = CaseOf("(module (func (export \"a\") (nop) (nop)))");
  const testcase::TestCase small = CaseOf("(module (func (export \"a\")))");
  EXPECT_FALSE(BestSoFar(path, input).Left().has_value());
  BestSoFar(path, input).Keep(small);
  const auto left = BestSoFar(path, input).Left();
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(testcase::WriteTestCase(*left), testcase::WriteTestCase(small));
  EXPECT_FALSE(BestSoFar(path, small).Left().has_value());
  BestSoFar(path, input).Remove();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(BestSoFar, AWrittenOneStaysForAWhile) {
  const TestFolder folder;
  const testcase::TestCase input = CaseOf("(module (func (export \"a\") (nop) (nop)))");
  const testcase::TestCase smaller = CaseOf("(module (func (export \"a\") (nop)))");
  BestSoFar best(folder.File("best.wasm"), input);
  best.Keep(smaller);
  best.Keep(CaseOf("(module)"));
  EXPECT_EQ(testcase::WriteTestCase(*best.Left()), testcase::WriteTestCase(smaller));
}

}  // namespace
}  // namespace slabhound::cli
