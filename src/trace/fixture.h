// For tests of this room: cases in text, run on the oracle and on the slab engine.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "exec/machine.h"
#include "oracle/machine.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "trace/run.h"

namespace slabhound::trace {

// The plan is these calls.
inline testcase::Prepared PreparedText(std::string_view source,
                                       std::vector<testcase::Call> calls = {}) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  auto prepared = testcase::Prepare({module ? *module : wasm::Module{}, {0, std::move(calls)}});
  EXPECT_TRUE(prepared.has_value()) << (prepared ? "" : prepared.error().Message());
  return prepared ? *std::move(prepared) : testcase::Prepared{};
}

inline std::unique_ptr<machine::Machine> MakeOracle(const testcase::Prepared& prepared,
                                                    const RunLimits& limits = {}) {
  return oracle::MakeMachine(*prepared.types, limits.machine);
}

// Collects before each allocation, so that slots are used again.
inline std::unique_ptr<machine::Machine> MakeSlab(const testcase::Prepared& prepared,
                                                  const RunLimits& limits = {}) {
  exec::Config config;
  config.schedule = {gc::Schedule::Kind::EveryNth, 1};
  return exec::MakeMachine(*prepared.types, limits.machine, config);
}

// Of the oracle; the slab engine's is the same.
inline Trace TraceOf(std::string_view source, std::vector<testcase::Call> calls = {},
                     const RunLimits& limits = {}) {
  const testcase::Prepared prepared = PreparedText(source, std::move(calls));
  Trace trace = RunOn(*MakeOracle(prepared, limits), prepared, limits);
  const Trace other = RunOn(*MakeSlab(prepared, limits), prepared, limits);
  EXPECT_EQ(trace.events, other.events) << TraceText(trace) << "\n" << TraceText(other);
  return trace;
}

// One of each kind of thing that can happen, in the order of the variant.
inline std::vector<Happening> OneOfEach() {
  const Told seven{ToldKind::I32, 7};
  return {Instantiated{},
          Returned{{seven, {ToldKind::Null, 0}}},
          Trapped{machine::TrapKind::Unreachable},
          Threw{{ToldKind::Object, 7}},
          Exhausted{Limit::Fuel},
          Refused{"why"},
          Rejected{"why"},
          NotCalled{},
          Uncaught{},
          Unreadable{7},
          WrongObject{},
          Failed{FailureKind::Crash, "SIGSEGV"},
          Misjudged{true, "exit code 0"},
          Imported{{seven, seven}},
          GlobalState{seven},
          TableState{7, 8},
          MemoryState{7, 8},
          ObjectsState{7, 8}};
}

}  // namespace slabhound::trace
