// Goal: a finding is one screen that says where the heaps differ, whatever its folder tells.
#include "cli/repro_screen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "text/wat.h"

namespace slabhound::cli {
namespace {

constexpr std::string_view kSource = R"((module
  (type $node (struct (field $next (ref null $node)) (field $number i32)))
  (func (export "run") (result (ref $node))
    (struct.new $node (struct.new $node (ref.null $node) (i32.const 5)) (i32.const 6)))))";

class Screens : public testing::Test {
 protected:
  void SetUp() override {
    auto module = text::ReadModule(kSource);
    ASSERT_TRUE(module.has_value());
    auto prepared = diff::Prepare({*std::move(module), {0, {{"run", {}}}}});
    ASSERT_TRUE(prepared.has_value());
    prepared_ = *std::move(prepared);
    worker::Lab lab;
    lab.limits.keep_walks = true;
    judged_.engines = {{}, *engine::ParseEngine("slab")};
    for (const auto& engine : judged_.engines) {
      judged_.traces.push_back(diff::Run(prepared_, engine, lab));
    }
    // The slab engine tells 7 where it made 5.
    trace::Trace& wrong = judged_.traces[1];
    std::vector<uint64_t>& words = wrong.walks.words();
    const auto number = std::ranges::find(words.rbegin(), words.rend(), uint64_t{5});
    ASSERT_NE(number, words.rend());
    *number = 7;
    std::get<trace::Returned>(wrong.events[1].what).values[0].bits ^= 1;
    judged_.verdict = diff::Compare(judged_.engines, judged_.traces);
    ASSERT_TRUE(judged_.verdict.is_finding());
  }

  std::string Text(const FindingFolder& finding) {
    const auto heaps = HeapsOf(judged_, prepared_, {});
    EXPECT_TRUE(heaps.has_value());
    return ScreenText({.judged = judged_,
                       .prepared = prepared_,
                       .finding = finding,
                       .heaps = heaps,
                       .path = "folder",
                       .picture = "folder/heap.svg"});
  }

  diff::Prepared prepared_;
  Judged judged_;
};

TEST_F(Screens, SayWhereTheHeapsDiffer) {
  const std::string text = Text({.case_file = "folder/case.wasm"});
  EXPECT_TRUE(text.starts_with("verdict     diverge\nsignature   slab diverges: other returns\n"));
  for (const std::string_view line :
       {"fails on    slab:mark_sweep:explicit\n", "event       2 of 4, the first that differs\n",
        "heap        wrong value: result 0 . $next . $number\n  expected  i32 5\n  found     i32 "
        "7\n",
        "  picture   folder/heap.svg\n", "replay      slabhound repro folder\n",
        "minimize    slabhound minimize folder/case.wasm --engine slab:mark_sweep:explicit\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

TEST_F(Screens, AreOneScreenWhateverIsKnown) {
  FindingFolder finding{.case_file = "folder/case.wasm"};
  finding.cause.emplace();
  for (size_t i = 0; i < cause::kVariantsMax; ++i) {
    finding.cause->variants.push_back(
        {"slab:mark_sweep:every-" + std::to_string(i + 1), cause::Cell::Fail});
  }
  for (size_t i = 0; i < 7; ++i) finding.facts.emplace_back("word", std::string(1'000, 'x'));
  const std::string text = Text(finding);
  EXPECT_LE(std::ranges::count(text, '\n'), 40);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto characters = std::ranges::count_if(
        line, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    EXPECT_LE(characters, kColumns) << line;
  }
}

TEST_F(Screens, ThePictureHasBothSides) {
  const auto heaps = HeapsOf(judged_, prepared_, {});
  ASSERT_TRUE(heaps.has_value());
  const std::string picture = PictureText(judged_, *heaps, prepared_);
  EXPECT_NE(picture.find("$number  i32 5  ✗"), std::string::npos);
  EXPECT_NE(picture.find("$number  i32 7  ✗"), std::string::npos);
}

}  // namespace
}  // namespace slabhound::cli
