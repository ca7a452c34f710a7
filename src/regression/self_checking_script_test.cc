// A difference in a table, a memory or an object fails the script, and only that.
#include "regression/self_checking_script.h"

#include <gtest/gtest.h>

#include "regression/script_failures.h"
#include "text/wat.h"

namespace slabhound::regression {
namespace {

// No assertion can ask for these.
constexpr std::string_view kState = R"((module
  (type $s (struct (field (mut i32)) (field (mut (ref null $s)))))
  (memory (export "m") 1)
  (table (export "t") 2 anyref)
  (func (export "memory") (i32.store (i32.const 8) (i32.const 1111)))
  (func (export "table") (table.set (i32.const 1) (ref.i31 (i32.const 2222))))
  (func (export "object") (result (ref $s))
    (struct.new $s (i32.const 3) (struct.new $s (i32.const 4444) (ref.null $s))))
  (func (export "trap") (unreachable))
  (func (export "endless") (loop (br 0)))))";

TEST(SelfCheckingScript, SeesWhatNoAssertionCanAskFor) {
  auto module = text::ReadModule(kState);
  ASSERT_TRUE(module.has_value()) << module.error().Message();
  const auto written = WriteSelfCheckingScript(*testcase::MakeTestCase(*std::move(module)), {});
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_EQ(written->left_out, 0u);
  for (const engine::EngineSpec& engine : engine::DefaultEngines()) {
    EXPECT_EQ(ScriptFailures(written->script, engine), 0u);
  }
  for (const std::string number : {"1111", "2222", "4444"}) {
    std::string wrong = written->script;
    const size_t at = wrong.find("i32.const " + number);
    ASSERT_NE(at, std::string::npos);
    wrong.replace(at, 14, "i32.const 7777");
    EXPECT_GT(ScriptFailures(wrong, engine::EngineSpec{}), 0u) << number;
  }
}

}  // namespace
}  // namespace slabhound::regression
