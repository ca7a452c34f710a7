// Goal: each fault of the catalogue is seen by its witness under each collector that it harms, and
// under no other; its control, which comes near, is silent; without the fault both pass, on the
// oracle too. All of that also where nothing is checked, but for leaks, which no script tells.
// Method: corpus/faults/NAME.wast and NAME-control.wast, where the script collects and where each
// allocation does, in a build that has the fault.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
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

constexpr std::string_view kCollectors[] = {
#define SLABHOUND_COLLECTOR(name, text, ...) text,
#include "gc/collectors.def"
};

std::vector<std::string> Words(std::string_view text) {
  std::istringstream words{std::string(text)};
  return {std::istream_iterator<std::string>(words), {}};
}

bool IsHarmed(std::string_view collector, const FaultInfo& fault) {
  if (fault.collectors == "all") return true;
  if (fault.collectors == "freeing") return collector != "null";
  const auto names = Words(fault.collectors);
  return std::ranges::find(names, collector) != names.end();
}

// In each way of collecting; `setting` with a colon before it, or nothing.
std::vector<std::string> FailuresUnder(std::string_view collector, std::string_view setting,
                                       const std::string& text, Fault fault) {
  std::vector<std::string> failures;
  for (const char* schedule : {"explicit", "every-allocation"}) {
    failures.push_back(
        Failures(text, fmt::format("slab:{}:{}{}", collector, schedule, setting), fault));
  }
  return failures;
}

// Whether a failure's text is of a signal of the catalogue's column.
bool Shows(const std::string& failure, std::string_view signals) {
  static const std::multimap<std::string, std::string> kTexts = {
      {"STALE", "the panic \"stale id\""},
      {"STALE", "the panic \"id from different slab\""},
      {"ASSERT", "the panic \"heap invariant"},
      {"ASSERT", "the panic \"type header mismatch\""},
      {"SEGV", "the panic \"memory fault\""},
      {"LEAK", "the panic \"leak of"},
      {"STALE", "the panic \"early free of"},
      {"TRAP+", "came the trap"},
      {"TRAP-", "expected the trap"},
      {"TRAP-", "expected exhausted"},
      {"WRONG", "came ("}};
  const auto words = Words(signals);
  return std::ranges::any_of(words, [&](const std::string& signal) {
    const auto [first, last] = kTexts.equal_range(signal);
    return std::any_of(first, last, [&](const auto& text) {
      return failure.find(text.second) != std::string::npos;
    });
  });
}

bool Leaks(std::string_view signals) { return signals.ends_with("LEAK"); }

class Faults : public testing::TestWithParam<FaultInfo> {
 protected:
  // The witness shows the fault by one of the signals, or by none where those are none of a script.
  void ExpectShown(std::string_view setting, std::string_view signals) {
    const FaultInfo& fault = GetParam();
    const std::string witness = Read(fault, "");
    for (const std::string_view collector : kCollectors) {
      heap::ResetFaultCounts();
      const auto failures = FailuresUnder(collector, setting, witness, fault.fault);
      const std::string what = fmt::format("{}{} ", collector, setting);
      const bool only_leaks = signals == "LEAK" || (collector == "deferred_rc" && Leaks(signals));
      if (!IsHarmed(collector, fault) || only_leaks) {
        EXPECT_THAT(failures, testing::Each("")) << what;
      } else {
        EXPECT_TRUE(
            std::ranges::any_of(failures, [&](const auto& each) { return Shows(each, signals); }))
            << what << testing::PrintToString(failures);
      }
      // The compiler's act whatever collects.
      EXPECT_EQ(heap::CountOf(fault.fault).triggered > 0,
                IsHarmed(collector, fault) || fault.room == "bytecode")
          << what;
    }
  }
};

TEST_P(Faults, ScriptsPassWithoutIt) {
  for (const char* suffix : {"", "-control"}) {
    const std::string text = Read(GetParam(), suffix);
    EXPECT_EQ(Failures(text, "oracle", Fault::None), "") << suffix;
    for (const std::string_view collector : kCollectors) {
      for (const char* setting : {"", ":unchecked"}) {
        if (*setting != 0 && !heap::FaultsCompiledIn()) continue;
        EXPECT_THAT(FailuresUnder(collector, setting, text, Fault::None), testing::Each(""))
            << collector << suffix << setting;
      }
    }
  }
}

TEST_P(Faults, WitnessShowsIt) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  ExpectShown("", GetParam().checked);
}

TEST_P(Faults, WitnessShowsItWhereNothingIsChecked) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  ExpectShown(":unchecked", GetParam().unchecked);
}

TEST_P(Faults, ControlComesNearAndIsSilent) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const std::string control = Read(GetParam(), "-control");
  for (const std::string_view collector : kCollectors) {
    if (!IsHarmed(collector, GetParam())) continue;
    heap::ResetFaultCounts();
    for (const char* setting : {"", ":unchecked"}) {
      EXPECT_THAT(FailuresUnder(collector, setting, control, GetParam().fault), testing::Each(""))
          << collector << setting;
    }
    EXPECT_GT(heap::CountOf(GetParam().fault).reached, 0u) << collector;
  }
}

std::string NameOf(const testing::TestParamInfo<FaultInfo>& info) {
  std::string name(info.param.name);
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Faults, testing::ValuesIn(heap::FaultCatalogue()), NameOf);

}  // namespace
}  // namespace slabhound::cli
