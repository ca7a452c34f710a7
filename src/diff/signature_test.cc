// Goal: a bucket has one text that says what was found, and one folder that no other bucket has.
#include "diff/signature.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "diff/fixture.h"

namespace slabhound::diff {
namespace {

using trace::ClassKind;
using trace::EventKind;
using trace::FailureKind;
using trace::Limit;
using trace::OutcomeClass;
using trace::Recurs;

constexpr size_t kSlugBytesMax = 100;

bool IsFolderName(const std::string& slug) {
  return !slug.empty() && slug.size() <= kSlugBytesMax &&
         slug.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

void ExpectSlugsDiffer(const std::vector<Signature>& signatures) {
  std::set<std::string> slugs;
  for (const Signature& signature : signatures) {
    const std::string slug = SignatureSlug(signature);
    EXPECT_TRUE(IsFolderName(slug)) << slug;
    EXPECT_TRUE(slugs.insert(slug).second) << slug << ": " << SignatureText(signature);
  }
}

// Every class there is, with one of its texts.
std::vector<OutcomeClass> AllClasses() {
  std::vector<OutcomeClass> classes;
  for (uint8_t kind = 0; kind <= static_cast<uint8_t>(ClassKind::State); ++kind) {
    classes.push_back({.kind = static_cast<ClassKind>(kind)});
  }
  classes[static_cast<size_t>(ClassKind::Trapped)].traps = machine::TrapKind::Unreachable;
  classes.push_back({.kind = ClassKind::Trapped, .traps = trace::TrapSet::Any()});
  for (uint8_t limit = 1; limit <= static_cast<uint8_t>(Limit::Other); ++limit) {
    classes.push_back({.kind = ClassKind::Exhausted, .limit = static_cast<Limit>(limit)});
  }
  return classes;
}

TEST(SignatureText, RecurrenceAndReleasesStandBehind) {
  Signature signature = PanicSignature("id from different slab", "wasmtime");
  EXPECT_EQ(SignatureText(signature), "wasmtime panic: id from different slab");
  signature.recurs = Recurs::AfterOthers;
  EXPECT_EQ(SignatureText(signature),
            "wasmtime panic: id from different slab (after other modules)");
  signature.recurs = Recurs::NotReproduced;
  EXPECT_EQ(SignatureText(signature), "wasmtime panic: id from different slab (not reproduced)");
  signature.recurs = Recurs::NotEveryTime;
  EXPECT_EQ(SignatureText(signature), "wasmtime panic: id from different slab (not every time)");
  signature.releases = {"45.0.0", "45.0.0"};
  EXPECT_EQ(SignatureText(signature),
            "wasmtime panic: id from different slab (not every time) (only 45.0.0)");
  signature.recurs = Recurs::EveryTime;
  signature.releases.first = "31.0.0";
  EXPECT_EQ(SignatureText(signature), "wasmtime panic: id from different slab (31.0.0 to 45.0.0)");
}

TEST(SignatureText, OfADeathIsTheReasonOrTheFailure) {
  Signature death{.kind = FindingKind::Death, .suspect = "job generator", .message = "no answer"};
  EXPECT_EQ(SignatureText(death), "job generator no answer");
  death.failure = FailureKind::Crash;
  death.message = "SIGSEGV";
  EXPECT_EQ(SignatureText(death), "job generator crash: SIGSEGV");
  death.failure = FailureKind::Panic;
  EXPECT_EQ(SignatureText(death), "job generator panic: SIGSEGV");
}

TEST(SignatureText, NamesBothSidesInPlainWords) {
  std::set<std::string> texts;
  const std::vector<OutcomeClass> classes = AllClasses();
  for (const OutcomeClass& expected : classes) {
    for (const OutcomeClass& found : classes) {
      const bool refuses = found.kind == ClassKind::Rejected || found.kind == ClassKind::Misjudged;
      const std::string text =
          SignatureText({.suspect = "v8", .expected = expected, .found = found});
      EXPECT_EQ(text.find(" a instead"), std::string::npos) << text;
      EXPECT_EQ(text.find("an instead"), std::string::npos) << text;
      EXPECT_EQ(text.find(" instead of ") == std::string::npos, refuses || expected == found)
          << text;
      // Of a refusal, or a wrong verdict, it is no matter what the module would have done.
      if (!refuses) {
        EXPECT_TRUE(texts.insert(text).second) << text;
      }
    }
  }
}

TEST(SignatureText, SaysThatItIsAboutInstantiationWhereTheClassesDoNot) {
  const OutcomeClass ok{.kind = ClassKind::Instantiated};
  const OutcomeClass throws{.kind = ClassKind::Threw};
  const auto text = [](const OutcomeClass& expected, const OutcomeClass& found) {
    return SignatureText(
        {.suspect = "v8", .locus = EventKind::Instantiate, .expected = expected, .found = found});
  };
  EXPECT_EQ(text(ok, throws), "v8 diverges: throws instead of ok");
  EXPECT_EQ(text(throws, ok), "v8 diverges: ok instead of throws");
  EXPECT_EQ(text(throws, throws), "v8 diverges: other throws at instantiation");
  EXPECT_EQ(text(throws, {.kind = ClassKind::Exhausted, .limit = Limit::CallDepth}),
            "v8 diverges: exhausted call-depth instead of throws at instantiation");
}

TEST(SignatureSlug, ReadsLikeTheText) {
  const std::string slug = SignatureSlug({.suspect = "v8",
                                          .expected = {.kind = ClassKind::Returned},
                                          .found = {.kind = ClassKind::Threw}});
  EXPECT_TRUE(slug.starts_with("v8-diverges-throws-instead-of-returns-")) << slug;
}

TEST(SignatureSlug, MessagesThatDifferAtTheirEndHaveFoldersOfTheirOwn) {
  std::vector<Signature> signatures;
  signatures.reserve(1'000);
  for (int i = 0; i < 1'000; ++i) {
    signatures.push_back(PanicSignature(std::string(200, 'x') + fmt::format("{:03}", i)));
  }
  ExpectSlugsDiffer(signatures);
}

TEST(SignatureSlug, AnyTextBecomesAFolderName) {
  ExpectSlugsDiffer({PanicSignature(""), PanicSignature("../../etc/passwd"), PanicSignature("\n"),
                     PanicSignature("ümlaut \xff"), PanicSignature(std::string(1, '\0')),
                     PanicSignature("A"), PanicSignature("a"), PanicSignature("", ""),
                     PanicSignature(std::string(10'000, '-'))});
}

TEST(SignatureSlug, EachFieldAloneMakesAnother) {
  // So long that no other field is in the readable part.
  const Signature base{.suspect = std::string(100, 'w'),
                       .expected = {.kind = ClassKind::Returned},
                       .found = {.kind = ClassKind::Threw}};
  std::vector<Signature> signatures = {base};
  const auto with = [&](auto change) { change(signatures.emplace_back(base)); };
  with([](Signature& each) { each.suspect += 'x'; });
  with([](Signature& each) { each.locus = EventKind::Import; });
  with([](Signature& each) { each.locus = EventKind::State; });
  with([](Signature& each) { each.locus = EventKind::Inside; });
  with([](Signature& each) { each.failure = FailureKind::Start; });
  with([](Signature& each) { each.failure = FailureKind::Exit; });
  with([](Signature& each) { each.message = "a"; });
  with([](Signature& each) { each.releases = {"a", {}}; });
  with([](Signature& each) { each.releases = {{}, "a"}; });
  with([](Signature& each) { each.releases = {"a", "b"}; });
  with([](Signature& each) { each.recurs = Recurs::AfterOthers; });
  with([](Signature& each) { each.recurs = Recurs::NotEveryTime; });
  with([](Signature& each) { each.recurs = Recurs::NotReproduced; });
  for (const FindingKind kind : {FindingKind::Failure, FindingKind::Death}) {
    with([kind](Signature& each) {
      each.kind = kind;
      each.failure = FailureKind::Panic;
    });
  }
  for (const OutcomeClass& other : AllClasses()) {
    if (other != base.expected) with([&](Signature& each) { each.expected = other; });
    if (other != base.found) with([&](Signature& each) { each.found = other; });
  }
  ExpectSlugsDiffer(signatures);
}

TEST(Signature, CoreIsWhatOneRunShows) {
  Signature signature = PanicSignature("bad", "wasmtime");
  const Signature core = signature;
  signature.releases = {"31.0.0", "43.0.0"};
  signature.recurs = Recurs::NotEveryTime;
  EXPECT_EQ(signature.Core(), core);
  EXPECT_NE(signature, core);
}

}  // namespace
}  // namespace slabhound::diff
