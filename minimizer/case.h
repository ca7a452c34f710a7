// For tests of this room: test cases from text and from the seeds in corpus/.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/file.h"
#include "minimizer/minimize.h"
#include "text/wat.h"

namespace slabhound::minimizer {

inline wasm::Module ModuleOf(std::string_view text) {
  auto module = text::ReadModule(text);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message()) << "\n" << text;
  return module ? *std::move(module) : wasm::Module();
}

inline testcase::TestCase CaseOf(std::string_view text) {
  return *testcase::MakeTestCase(ModuleOf(text));
}

inline testcase::TestCase SeedCase(const std::string& name) {
  const auto source = ReadFile(SLABHOUND_SOURCE_DIR "/corpus/seeds/" + name + ".wat", 1u << 20);
  EXPECT_TRUE(source.has_value()) << name;
  return CaseOf(source ? AsText(*source) : std::string_view("(module)"));
}

inline constexpr std::string_view kSeedNames[] = {
    "cast_ladder", "conversions", "exceptions", "list_churn", "loop_cast_call",
    "operands",    "pool",        "roots",      "segments",   "tail_calls"};

// Whether any instruction of the module is this one.
inline bool Contains(const wasm::Module& module, wasm::Opcode op) {
  for (const wasm::Function& function : module.functions) {
    for (const wasm::Instr& instr : function.body.code) {
      if (instr.op == op) return true;
    }
  }
  return false;
}

}  // namespace slabhound::minimizer
