// For tests of this room: cases in text with their imports given, run on the oracle and on the
// slab engine.
#pragma once

#include <gmock/gmock.h>

#include "exec/machine.h"
#include "oracle/machine.h"
#include "provide/provide.h"
#include "trace/fixture.h"

namespace slabhound::provide {

inline testcase::TestCase CaseOf(std::string_view source, std::vector<testcase::Call> calls = {}) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  return {module ? *std::move(module) : wasm::Module{}, {0, std::move(calls)}};
}

// The calls and imports of a run, as "f: returns i32 5"; instead the error, if there is one.
inline std::vector<std::string> LinesOf(testcase::TestCase test_case,
                                        const Answers* answers = nullptr) {
  auto provided = Provide(std::move(test_case), answers);
  if (!provided) return {provided.error()};
  const auto prepared = testcase::Prepare(*std::move(provided));
  if (!prepared) return {prepared.error().Message()};
  const trace::RunLimits limits(testcase::kPersonBudgets);
  const trace::Trace trace = trace::RunOn(*trace::MakeOracle(*prepared, limits), *prepared, limits);
  const trace::Trace other = trace::RunOn(*trace::MakeSlab(*prepared, limits), *prepared, limits);
  EXPECT_EQ(trace.events, other.events) << trace::TraceText(trace) << "\n"
                                        << trace::TraceText(other);
  std::vector<std::string> lines;
  for (const trace::Event& event : trace.events) {
    const bool is_fine = event.kind == trace::EventKind::Instantiate &&
                         std::holds_alternative<trace::Instantiated>(event.what);
    if (event.kind == trace::EventKind::State || event.kind == trace::EventKind::Inside) continue;
    if (!is_fine) lines.push_back(trace::EventText(event));
  }
  return lines;
}

}  // namespace slabhound::provide
