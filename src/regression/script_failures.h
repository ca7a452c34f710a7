// For tests: how many assertions of a script fail on an engine of this process.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "diff/dispatch.h"
#include "engine/spec.h"
#include "script/runner.h"
#include "testcase/prepared.h"

namespace slabhound::regression {

inline uint64_t ScriptFailures(const std::string& text, const engine::EngineSpec& engine) {
  const auto script = script::ReadScript(text);
  EXPECT_TRUE(script.has_value()) << text;
  if (!script) return 0;
  wasm::TypeStore types;
  const auto machine = diff::MakeMachine(engine, types, script::ScriptLimits());
  return script::RunScript(*script, *machine).failed;
}

}  // namespace slabhound::regression
