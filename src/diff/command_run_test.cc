// Plain commands as engines: what their ends mean. `true` returns and `false` traps, whatever the
// module.
#include "diff/command_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "diff/compare.h"
#include "wasm/builder.h"

namespace slabhound::diff {
namespace {

using wasm::Code;
using wasm::Opcode;

enum class Module : uint8_t { Returns, Traps, Exhausts };

Verdict JudgeOn(Module which, std::string_view command) {
  wasm::ModuleBuilder builder;
  const wasm::TypeIdx type = builder.Func({});
  if (which == Module::Traps) {
    builder.Start(builder.Define(type, {}, Code().Op(Opcode::Unreachable)));
  } else {
    builder.Define(type, {}, Code(), "f");
  }
  if (which == Module::Exhausts) {
    const wasm::TypeIdx array = builder.Array({wasm::ValType::I64, true});
    builder.Define(type, {},
                   Code().I32(1 << 28).Op(Opcode::ArrayNewDefault, array).Op(Opcode::Drop), "g");
  }
  auto test_case = testcase::MakeTestCase(builder.module());
  const auto spec = engine::ParseEngine(fmt::format("command:{}", command));
  EXPECT_TRUE(spec.has_value());
  const std::vector<engine::EngineSpec> engines = {engine::EngineSpec{}, *spec};
  return Judge(*test_case, engines, worker::Lab());
}

TEST(CommandRun, ExitCodesAreVerdicts) {
  EXPECT_EQ(JudgeOn(Module::Returns, "test -s {}").kind, VerdictKind::Agree);
  EXPECT_EQ(JudgeOn(Module::Traps, "! test -s {}").kind, VerdictKind::Agree);
  const Verdict fails = JudgeOn(Module::Returns, "echo why; false {}");
  EXPECT_EQ(fails.kind, VerdictKind::Diverge);
  EXPECT_NE(fails.explanation.find("returns: fails where it must return: exit code 1: why"),
            std::string::npos)
      << fails.explanation;
  EXPECT_EQ(JudgeOn(Module::Traps, "true {}").kind, VerdictKind::Diverge);
}

// A module that must trap is no cover for an engine that breaks.
TEST(CommandRun, SignalsAndPanicsArePanics) {
  for (const Module source : {Module::Returns, Module::Traps}) {
    EXPECT_EQ(SignatureText(JudgeOn(source, "kill -SEGV $$; : {}").signature),
              "command panic: crash: SIGSEGV");
    EXPECT_EQ(JudgeOn(source, "echo \"thread 'main' panicked at a.rs: bad\"; exit 101; : {}").kind,
              VerdictKind::Panic);
  }
}

// The oracle stops in the second of two calls; the first one counts.
TEST(CommandRun, AHeapThatRanOutHidesNothing) {
  EXPECT_EQ(JudgeOn(Module::Exhausts, "false {}").kind, VerdictKind::Diverge);
  EXPECT_EQ(SignatureText(JudgeOn(Module::Exhausts, "kill -SEGV $$; : {}").signature),
            "command panic: crash: SIGSEGV");
}

TEST(CommandRun, ShellsAndWordsTellOfCrashesToo) {
  EXPECT_EQ(SignatureText(JudgeOn(Module::Traps, "exit 139; : {}").signature),
            "command panic: crash: SIGSEGV");
  EXPECT_EQ(JudgeOn(Module::Traps, "exit 134; : {}").kind, VerdictKind::Agree);
  EXPECT_EQ(JudgeOn(Module::Returns, "echo \"thread 'main' panicked at a.rs: bad\"; : {}").kind,
            VerdictKind::Panic);
}

TEST(CommandRun, CommandThatCannotRunIsNoVerdict) {
  EXPECT_EQ(JudgeOn(Module::Traps, "/no/such/program {}").kind, VerdictKind::Rejected);
  EXPECT_FALSE(CommandLine(*engine::ParseEngine("command:true")).has_value());
  EXPECT_FALSE(engine::ParseEngine("command:").has_value());
  const std::string text = "command:iwasm -f run {}, 'a:b'";
  EXPECT_EQ(engine::EngineText(*engine::ParseEngine(text)), text);
}

}  // namespace
}  // namespace slabhound::diff
