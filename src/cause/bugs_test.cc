// Goal: symptoms of one cause are one bug, those of two are two, whatever their order, and a hand
// can say otherwise.
#include "cause/bugs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "diff/fixture.h"

namespace slabhound::cause {
namespace {

Symptom Make(const std::string& slug, std::vector<std::string> grams,
             VariantVector variants = {{"wasmtime@31.0.0", Cell::Fail}}) {
  Symptom symptom;
  symptom.slug = slug;
  symptom.signature = diff::PanicSignature(slug, "wasmtime");
  symptom.key = Key{std::move(variants), {std::move(grams)}, Severity::WrongValue, ""};
  symptom.count = 1;
  symptom.bytes = 10 * slug.size();
  return symptom;
}

std::vector<std::vector<std::string>> Slugs(const std::vector<Bug>& bugs) {
  std::vector<std::vector<std::string>> slugs;
  for (const Bug& bug : bugs) {
    slugs.emplace_back();
    for (const Member& member : bug.members) slugs.back().push_back(member.slug);
    std::ranges::sort(slugs.back());
  }
  std::ranges::sort(slugs);
  return slugs;
}

using Partition = std::vector<std::vector<std::string>>;

TEST(Bugs, EqualVectorsAndNearShapesAreOne) {
  const std::vector<Symptom> symptoms = {Make("a", {"loop", "x"}), Make("bb", {"loop", "x"}),
                                         Make("c", {"table.get"})};
  const std::vector<Bug> bugs = BugsOf(symptoms);
  EXPECT_EQ(Slugs(bugs), (Partition{{"a", "bb"}, {"c"}}));
  for (const Bug& bug : bugs) {
    if (bug.representative != "a") continue;
    EXPECT_EQ(bug.members[1].why, "same vector, shape distance 0.00");
    EXPECT_EQ(bug.count, 2u);
  }
}

TEST(Bugs, WhatTwoReleasesCuredIsTwo) {
  const std::vector<Symptom> symptoms = {
      Make("a", {"x"}, {{"wasmtime@31.0.0", Cell::Fail}, {"wasmtime@32.0.0", Cell::Pass}}),
      Make("b", {"x"}, {{"wasmtime@31.0.0", Cell::Fail}, {"wasmtime@32.0.0", Cell::Fail}}),
      Make("c", {"x"}, {{"wasmtime@31.0.0", Cell::Fail}, {"wasmtime@32.0.0", Cell::NotAble}})};
  EXPECT_EQ(BugsOf({symptoms[0], symptoms[1]}).size(), 2u);
  EXPECT_EQ(BugsOf({symptoms[0], symptoms[2]}).size(), 1u);
  EXPECT_EQ(BugsOf({symptoms[1], symptoms[2]}).size(), 1u);
}

// Two of a range that begins and ends share their shapes less than two of one that does not begin.
TEST(Bugs, ARangeThatBeginsAndEndsIsAMark) {
  const auto both = [](Cell before) {
    const VariantVector variants = {{"wasmtime@31.0.0", Cell::Fail},
                                    {"wasmtime@30.0.0", before},
                                    {"wasmtime@32.0.0", Cell::Pass},
                                    {"wasmtime@31.0.0:gc=none", Cell::Pass}};
    // 0.83 apart: they share a call.
    return std::vector{
        Make("a",
             {"array.get", "array.new", "call", "ref.cast", "struct.get", "struct.new",
              "struct.set"},
             variants),
        Make("b", {"array.len", "array.set", "call", "ref.eq", "ref.i31", "table.get"}, variants)};
  };
  EXPECT_EQ(BugsOf(both(Cell::Pass)).size(), 1u);
  EXPECT_EQ(BugsOf(both(Cell::Fail)).size(), 2u);
  EXPECT_EQ(BugsOf(both(Cell::NotAble)).size(), 2u);
}

TEST(Bugs, WithoutAKeyASymptomIsABugOfItsOwn) {
  Symptom a = Make("a", {"x"}), b = Make("b", {"x"});
  b.key.reset();
  const std::vector<Bug> bugs = BugsOf({a, b});
  EXPECT_EQ(Slugs(bugs), (Partition{{"a"}, {"b"}}));
}

TEST(Bugs, WhatDoesNotComeAgainIsWithTheSameSymptom) {
  Symptom steady = Make("a", {"x"}), often = Make("b", {"table.get"});
  often.signature = steady.signature;
  often.count = 5;
  Symptom unsteady = steady;
  unsteady.slug = "c";
  unsteady.key.reset();
  unsteady.signature.recurs = trace::Recurs::NotReproduced;
  const std::vector<Bug> bugs = BugsOf({steady, often, unsteady});
  EXPECT_EQ(Slugs(bugs), (Partition{{"a"}, {"b", "c"}}));
  EXPECT_EQ(Slugs(BugsOf({steady, often, unsteady}, {.merged = {}, .split = {"c"}, .labels = {}})),
            (Partition{{"a"}, {"b"}, {"c"}}));
  unsteady.signature.recurs = trace::Recurs::EveryTime;
  EXPECT_EQ(Slugs(BugsOf({steady, unsteady})), (Partition{{"a"}, {"c"}}));
}

TEST(Bugs, TheOrderOfSymptomsIsOfNoMatter) {
  std::vector<Symptom> symptoms = {Make("a", {"x", "y"}), Make("b", {"x"}), Make("c", {"x", "z"}),
                                   Make("d", {"z"}), Make("e", {"w"})};
  const std::vector<Bug> bugs = BugsOf(symptoms);
  while (std::ranges::next_permutation(symptoms, {}, &Symptom::slug).found) {
    EXPECT_EQ(BugsOf(symptoms), bugs);
  }
}

TEST(Bugs, AHandOverrulesThem) {
  const std::vector<Symptom> symptoms = {Make("a", {"x"}), Make("b", {"x"}), Make("c", {"z"})};
  Overrides overrides;
  overrides.split = {"b"};
  overrides.merged = {{"b", "c"}, {"c", "gone"}};
  overrides.labels = {{"c", "the third"}};
  const std::vector<Bug> bugs = BugsOf(symptoms, overrides);
  EXPECT_EQ(Slugs(bugs), (Partition{{"a"}, {"b", "c"}}));
  const auto found =
      std::ranges::find_if(bugs, [](const Bug& bug) { return bug.members.size() == 2; });
  EXPECT_EQ(found->members[1].why, "by hand");
  EXPECT_EQ(found->label, "the third");
}

}  // namespace
}  // namespace slabhound::cause
