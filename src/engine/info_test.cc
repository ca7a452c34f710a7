// Goal: engines.def can be written out and read back: no two engines, and no two options of one,
// have the same name.
#include "engine/info.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace slabhound::engine {
namespace {

// A value that the option takes.
std::string Example(const EngineOptionInfo& option) {
  if (option.values.empty()) return std::string(option.name);
  const std::string_view first = option.values.substr(0, option.values.find('|'));
  return fmt::format("{}={}", option.name, first == "N" ? "1" : first);
}

TEST(EnginesDef, EnginesHaveNamesOfTheirOwn) {
  std::set<std::string_view> names = {EngineName({.kind = EngineKind::Oracle}),
                                      EngineName({.kind = EngineKind::Slab})};
  std::set<EngineKind> kinds = {EngineKind::Oracle, EngineKind::Slab};
  for (const ProcessEngineInfo& engine : ProcessEngines()) {
    EXPECT_TRUE(names.insert(engine.text).second) << engine.text;
    EXPECT_TRUE(kinds.insert(engine.kind).second) << engine.text;
    EXPECT_EQ(engine.text.find_first_of(":@, "), std::string_view::npos) << engine.text;
    EXPECT_EQ(EngineName({.kind = engine.kind}), engine.text);
    EXPECT_EQ(&InfoOf(engine.kind), &engine);
    EXPECT_FALSE(engine.description.empty());
  }
}

TEST(EnginesDef, OptionsHaveNamesOfTheirOwnWithinTheirEngine) {
  std::set<std::pair<EngineKind, std::string_view>> names;
  for (const ProcessEngineInfo& engine : ProcessEngines()) {
    for (const char* ours : {"gc", "points", "seed", "known"}) names.insert({engine.kind, ours});
  }
  for (const EngineOptionInfo& option : EngineOptions()) {
    EXPECT_TRUE(names.insert({option.kind, option.name}).second) << option.name;
    EXPECT_EQ(option.name.find_first_of(":=, "), std::string_view::npos) << option.name;
    EXPECT_FALSE(option.description.empty()) << option.name;
  }
}

TEST(EnginesDef, EachOptionIsReadBackForItsEngineAlone) {
  for (const EngineOptionInfo& option : EngineOptions()) {
    for (const ProcessEngineInfo& engine : ProcessEngines()) {
      if (engine.kind == EngineKind::Worker || engine.kind == EngineKind::Command) continue;
      const std::string text = fmt::format("{}:{}", engine.text, Example(option));
      const auto spec = ParseEngine(text);
      const bool has = std::ranges::any_of(EngineOptions(), [&](const EngineOptionInfo& each) {
        return each.kind == engine.kind && each.name == option.name;
      });
      EXPECT_EQ(spec.has_value(), has) << text;
      if (spec) {
        EXPECT_EQ(EngineText(*spec), text);
      }
    }
  }
}

TEST(OptionUsage, IsWhatAUserWrites) {
  const EngineOptionInfo plain{EngineKind::V8, "single-threaded", "", ""};
  const EngineOptionInfo number{EngineKind::V8, "seed", "N", ""};
  const EngineOptionInfo words{EngineKind::Wasmtime, "opt", "none|speed", ""};
  EXPECT_EQ(OptionUsage(plain), "single-threaded");
  EXPECT_EQ(OptionUsage(number), "seed=N");
  EXPECT_EQ(OptionUsage(words), "opt=none|speed");
}

TEST(TakesExceptions, DependsOnTheRelease) {
  const auto takes = [](const char* text) { return TakesExceptions(*ParseEngine(text)); };
  EXPECT_TRUE(takes("oracle"));
  EXPECT_TRUE(takes("slab"));
  EXPECT_TRUE(takes("v8"));
  EXPECT_FALSE(takes("wasmtime@42.0.0"));
  EXPECT_TRUE(takes("wasmtime@43.0.0"));
  EXPECT_TRUE(takes("wasmtime@100.0.0"));
}

}  // namespace
}  // namespace slabhound::engine
