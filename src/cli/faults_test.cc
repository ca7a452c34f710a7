// Goal: each fault of the catalogue is seen by its witness, and its control, which comes near, is
// silent; without the fault both pass, on the oracle too.
// Method: corpus/faults/NAME.wast and NAME-control.wast, where the script collects and where each
// allocation does, in a build that has the fault.
#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "diff/dispatch.h"
#include "heap/fault.h"
#include "script/runner.h"

namespace slabhound::cli {
namespace {

using heap::Fault;
using heap::FaultInfo;

std::string Read(const FaultInfo& fault, const std::string& suffix) {
  const std::string folder = SLABHOUND_SOURCE_DIR "/corpus/faults/";
  const auto bytes = ReadFile(folder + std::string(fault.name) + suffix + ".wast", 1u << 20);
  EXPECT_TRUE(bytes.has_value()) << (bytes ? "" : bytes.error().message);
  return bytes ? std::string(bytes->begin(), bytes->end()) : "";
}

// What failed, a line each.
std::string Failures(const std::string& text, const std::string& engine, Fault fault) {
  const auto script = script::ReadScript(text);
  EXPECT_TRUE(script.has_value());
  if (!script) return "no script";
  auto spec = *engine::ParseEngine(engine);
  spec.slab.fault = fault;
  wasm::TypeStore types;
  const auto machine = diff::MakeMachine(spec, types, script::ScriptLimits());
  std::string lines;
  for (const script::Failure& failure : script::RunScript(*script, *machine).failures)
    lines += failure.message + "\n";
  return lines;
}

// With the fault; the schedules are those under which it must show in one of them.
std::vector<std::string> FailuresWith(const FaultInfo& fault, const std::string& suffix) {
  heap::ResetFaultCounts();
  std::vector<std::string> failures;
  for (const char* engine : {"slab:mark_sweep:explicit", "slab:mark_sweep:every-allocation"})
    failures.push_back(Failures(Read(fault, suffix), engine, fault.fault));
  return failures;
}

// Whether a failure's text is of a signal of the catalogue's column.
bool Shows(const std::string& failure, const std::string& signals) {
  static const std::multimap<std::string, std::string> kTexts = {
      {"STALE", "the panic \"stale id\""},
      {"STALE", "the panic \"id from different slab\""},
      {"ASSERT", "the panic \"heap invariant"},
      {"ASSERT", "the panic \"type header mismatch\""},
      {"LEAK", "the panic \"leak of"},
      {"STALE", "the panic \"early free of"},
      {"TRAP+", "came the trap"},
      {"TRAP-", "expected the trap"},
      {"WRONG", "came ("}};
  std::istringstream words(signals);
  return std::any_of(std::istream_iterator<std::string>(words), {}, [&](const std::string& signal) {
    const auto [first, last] = kTexts.equal_range(signal);
    return std::any_of(first, last, [&](const auto& text) {
      return failure.find(text.second) != std::string::npos;
    });
  });
}

class Faults : public testing::TestWithParam<FaultInfo> {};

TEST_P(Faults, ScriptsPassWithoutIt) {
  for (const char* suffix : {"", "-control"}) {
    for (const char* engine : {"oracle", "slab:null:never", "slab:mark_sweep:explicit",
                               "slab:mark_sweep:every-allocation"}) {
      EXPECT_EQ(Failures(Read(GetParam(), suffix), engine, Fault::None), "") << engine << suffix;
    }
  }
}

TEST_P(Faults, WitnessShowsIt) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const auto failures = FailuresWith(GetParam(), "");
  EXPECT_TRUE(std::ranges::any_of(failures, [](const std::string& failure) {
    return Shows(failure, std::string(GetParam().checked));
  })) << testing::PrintToString(failures);
  EXPECT_GT(heap::CountOf(GetParam().fault).triggered, 0u);
}

TEST_P(Faults, ControlComesNearAndIsSilent) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  EXPECT_THAT(FailuresWith(GetParam(), "-control"), testing::Each(""));
  EXPECT_GT(heap::CountOf(GetParam().fault).reached, 0u);
}

std::string NameOf(const testing::TestParamInfo<FaultInfo>& info) {
  std::string name(info.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Faults, testing::ValuesIn(heap::FaultCatalogue()), NameOf);

}  // namespace
}  // namespace slabhound::cli
