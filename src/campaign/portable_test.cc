// Portable forms on seeds and on Binaryen's modules: they are valid, and tell what the test cases
// themselves tell, call by call until a budget runs out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "diff/portable_run.h"
#include "gen/generate.h"
#include "gen/seeds.h"
#include "testcase/portable.h"
#include "testcase/testcase.h"
#include "wasm/decode.h"

namespace slabhound::campaign {
namespace {

using diff::EngineSpec;
using diff::Event;
using diff::EventKind;

testcase::TestCase Read(const Bytes& wasm) {
  auto module = wasm::Decode(wasm);
  EXPECT_TRUE(module.has_value());
  auto test_case = testcase::MakeTestCase(std::move(*module));
  EXPECT_TRUE(test_case.has_value());
  return std::move(*test_case);
}

// What both kinds of run tell, up to the first budget that ran out.
std::vector<Event> Comparable(const diff::Trace& trace) {
  std::vector<Event> events;
  for (const Event& event : trace.events) {
    if (event.kind == EventKind::Inside) break;
    if (event.text.starts_with("exhausted")) break;
    events.push_back(event);
  }
  return events;
}

// The first difference, or nothing; `whole` counts runs that were compared to their end.
std::string Difference(const diff::Trace& a, const diff::Trace& b, size_t& whole) {
  const std::vector<Event> left = Comparable(a), right = Comparable(b);
  const bool cut = a.fuel_exhausted || a.depth_exhausted || a.heap_exhausted ||
                   b.fuel_exhausted || b.depth_exhausted || b.heap_exhausted;
  const size_t common = std::min(left.size(), right.size());
  for (size_t i = 0; i < common; ++i) {
    if (left[i] == right[i]) continue;
    return fmt::format("{}: {}\n  instead of {}: {}", right[i].subject, right[i].text,
                       left[i].subject, left[i].text);
  }
  if (!cut && left.size() != right.size()) {
    return fmt::format("{} events instead of {}", right.size(), left.size());
  }
  if (!cut) ++whole;
  return {};
}

struct Counts {
  size_t cases = 0, refused = 0, whole = 0, events = 0;
};

void Check(const std::string& name, const testcase::TestCase& test_case, Counts& counts) {
  ++counts.cases;
  const auto prepared = diff::Prepare(test_case);
  ASSERT_TRUE(prepared.has_value()) << name;
  const diff::Trace plain = diff::Run(*prepared, EngineSpec{}, diff::RunLimits());
  testcase::PortableOptions options;
  options.gc_one_in = 4;
  const auto portable = diff::RunAsPortable(test_case, options, EngineSpec{});
  if (!portable) {
    ++counts.refused;
    EXPECT_EQ(portable.error().find("invalid"), std::string::npos) << name << portable.error();
    return;
  }
  counts.events += Comparable(plain).size();
  EXPECT_EQ(Difference(plain, *portable, counts.whole), "") << name;
  const auto slab = diff::ParseEngine("slab:mark_sweep:every-allocation");
  const auto collected = diff::RunAsPortable(test_case, options, *slab);
  ASSERT_TRUE(collected.has_value());
  EXPECT_FALSE(collected->panic.has_value()) << name;
  EXPECT_EQ(diff::TraceText(*portable), diff::TraceText(*collected)) << name;
}

TEST(Portable, SeedsTellTheSame) {
  Counts counts;
  for (const gen::Seed& seed : gen::Seeds()) Check(std::string(seed.name), Read(seed.wasm), counts);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_EQ(counts.whole, counts.cases);
}

TEST(Portable, BinaryensModulesTellTheSame) {
  Counts counts;
  for (uint64_t number = 0; number < 300; ++number) {
    Check(fmt::format("case {}", number), Read(gen::Generate(gen::MakeRecipe(1, number))), counts);
  }
  RecordProperty("whole", static_cast<int>(counts.whole));
  fmt::print("{} cases, {} without a portable form, {} compared to the end, {} events\n",
             counts.cases, counts.refused, counts.whole, counts.events);
  EXPECT_EQ(counts.refused, 0u);
  EXPECT_GT(counts.whole, counts.cases / 4);
}

}  // namespace
}  // namespace slabhound::campaign
