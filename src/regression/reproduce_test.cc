#include "regression/reproduce.h"

#include <gtest/gtest.h>

#include <vector>

namespace slabhound::regression {
namespace {

TEST(Reproduce, CommandsCanBePasted) {
  const std::vector<std::string> engines = {"oracle", "worker:run 'x' $y"};
  EXPECT_EQ(ReproCommand("my findings/case.wasm", engines),
            R"(slabhound repro 'my findings/case.wasm' --engine oracle)"
            R"( --engine 'worker:run '\''x'\'' $y')");
  EXPECT_EQ(WastCommand("regression.wast", "slab:mark_sweep:every-safepoint"),
            "slabhound wast --engine slab:mark_sweep:every-safepoint regression.wast");
  EXPECT_EQ(ShellWord(""), "''");
}

}  // namespace
}  // namespace slabhound::regression
