// Rows of known.def hold for their engine, version and days, and make findings known.
#include "avoid/known.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diff/compare.h"

namespace slabhound::avoid {
namespace {

constexpr std::string_view kRefusal =
    "type mismatch: instruction requires [refnull[-19]] but stack has [refnull[-15]] - more";
constexpr std::string_view kMessage =
    "type mismatch: instruction requires [refnull[-19]] but stack has [refnull[-15]]";
constexpr std::string_view kSignature =
    "endive diverges: rejected (type mismatch: instruction requires [refnull[-19]] but stack has "
    "[refnull[-15]])";

TEST(Known, VersionsAreComparedByNumber) {
  EXPECT_TRUE(VersionWithin("1.10.0", "1.9.3", "1.10.0"));
  EXPECT_TRUE(VersionWithin("bun 1.4.5", "1.4", "1.4.5"));
  EXPECT_TRUE(VersionWithin("13.6.233-node.28", "", "13.6.233"));
  EXPECT_TRUE(VersionWithin("7", "", ""));
  EXPECT_FALSE(VersionWithin("1.10.0", "1.2", "1.9"));
  EXPECT_FALSE(VersionWithin("1.1", "1.2", ""));
}

TEST(Known, ARowHoldsForItsEngineVersionAndDays) {
  const engine::EngineSpec endive = *engine::ParseEngine("endive");
  const auto find = [&](const engine::EngineSpec& spec, std::string_view version,
                        std::string_view today) {
    const Symptom symptom{Shows::Rejected, std::string(kMessage), std::string(kRefusal)};
    return FindKnown(spec, version, symptom, today);
  };
  const KnownEntry* entry = find(endive, "1.2.0", "2026-12-01");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->name, "endive-none-not-eq");
  EXPECT_EQ(find(endive, "1.2.1", "2026-12-01"), nullptr);
  EXPECT_EQ(find(endive, "1.2.0", entry->expires), nullptr);
  EXPECT_EQ(find(*engine::ParseEngine("endive:known=off"), "1.2.0", "2026-12-01"), nullptr);
  EXPECT_EQ(find(*engine::ParseEngine("v8"), "1.2.0", "2026-12-01"), nullptr);
  const Symptom other{Shows::InternalError, std::string(kMessage), std::string(kRefusal)};
  EXPECT_EQ(FindKnown(endive, "1.2.0", other, "2026-12-01"), nullptr);
  EXPECT_EQ(FindKnown(endive, "1.2.0", {}, "2026-12-01"), nullptr);
}

TEST(Known, RowsHaveNamesOfTheirOwnAndDays) {
  for (const KnownEntry& entry : KnownEntries()) {
    EXPECT_EQ(std::ranges::count(KnownEntries(), entry.name, &KnownEntry::name), 1) << entry.name;
    EXPECT_EQ(entry.expires.size(), Today().size()) << entry.name;
    EXPECT_TRUE(entry.shows != Shows::Nothing || entry.avoidance != Avoidance::None) << entry.name;
    EXPECT_FALSE(entry.reason.empty() || entry.reference.empty()) << entry.name;
    EXPECT_FALSE(IsExpired(entry, "2026-11-25")) << entry.name;
  }
}

// A known disagreement is no finding, and hides none of another engine.
TEST(Known, OtherEnginesAreComparedAllTheSame) {
  trace::Trace right, refused;
  right.events = {{trace::EventKind::Instantiate, {}, trace::Instantiated{}},
                  {trace::EventKind::Call, "f", trace::Returned{{{trace::ToldKind::I32, 1}}}}};
  refused.events = {{trace::EventKind::Instantiate, {}, trace::Rejected{std::string(kRefusal)}}};
  refused.engine_version = "1.2.0";
  trace::Trace wrong = right;
  wrong.events.back().what = trace::Returned{{{trace::ToldKind::I32, 2}}};
  const engine::EngineSpec engines[] = {engine::EngineSpec{}, *engine::ParseEngine("endive"),
                                        *engine::ParseEngine("v8")};

  const trace::Trace known[] = {right, refused, right};
  const diff::Verdict verdict = diff::Compare(engines, known);
  EXPECT_EQ(verdict.kind, diff::VerdictKind::Known);
  EXPECT_FALSE(verdict.is_finding());
  EXPECT_EQ(verdict.known, std::vector<std::string>{"endive-none-not-eq"});

  const trace::Trace both[] = {right, refused, wrong};
  const diff::Verdict finding = diff::Compare(engines, both);
  EXPECT_EQ(diff::SignatureText(finding.signature), "v8 diverges: other returns");
  EXPECT_EQ(finding.known.size(), 1u);

  refused.engine_version = "1.3.0";
  const trace::Trace fixed[] = {right, refused, right};
  EXPECT_EQ(diff::SignatureText(diff::Compare(engines, fixed).signature), kSignature);
}

}  // namespace
}  // namespace slabhound::avoid
