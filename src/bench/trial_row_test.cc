// Rows come back from their text, and no file of bytes is anything but rows or one line of error.
#include "bench/trial_row.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/rng.h"
#include "base/test_folder.h"

namespace slabhound::bench {
namespace {

TrialRow Row() {
  return {.key = {"root-runtime-global", 7, "slabhound", "oracle slab:mark_sweep:explicit"},
          .bounds = {.cpu_seconds = 2.5, .modules = 40},
          .result = {.outcome = Outcome::Detected,
                     .end = {.modules = 18, .cpu_seconds = 0.25},
                     .reached = {.count = 12, .first = {.modules = 2, .cpu_seconds = 0.0625}},
                     .triggered = {.count = 3, .first = {.modules = 18, .cpu_seconds = 0.25}},
                     .generator_crashes = 1,
                     .signal = Signal::TrapMore,
                     .symptom = "slab diverges: \"a, b\"",
                     .suspect = "slab:mark_sweep:explicit:root-runtime-global"}};
}

TEST(TrialRow, ComesBackFromItsText) {
  TrialRow row = Row();
  const std::string text = RowText(row);
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  EXPECT_EQ(ReadRow(text.substr(0, text.size() - 1)), row);
  EXPECT_NE(text.find(",17,18,0.2500,"), std::string::npos) << text;  // the case is number 17
}

TEST(TrialRow, OfACensoredTrialHasNoSignal) {
  TrialRow row = Row();
  row.result.outcome = Outcome::Censored;
  row.result.symptom = row.result.suspect = "";
  row.result.signal = {};
  const std::string text = RowText(row);
  EXPECT_NE(text.find(",censored,,,,,18,"), std::string::npos) << text;
  const auto read = ReadRow(text.substr(0, text.size() - 1));
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(read->result.outcome, Outcome::Censored);
  EXPECT_EQ(read->result.end, row.result.end);
}

TEST(TrialRow, WhatIsWrongIsNamed) {
  std::string text = RowText(Row());
  text.pop_back();
  EXPECT_EQ(ReadRow("a,b").error(), "not 20 fields");
  EXPECT_EQ(ReadRow(text + "x").error(), "generator_crashes '1x'");
  EXPECT_EQ(ReadRow(text.replace(text.find("detected"), 8, "lost")).error(), "outcome 'lost'");
}

TEST(TrialRow, FilesAreReadUpToTheirLastNewline) {
  const TestFolder folder;
  const std::string path = folder.File("trials.csv");
  EXPECT_TRUE(ReadRows(path)->empty());
  const std::string whole = HeaderText() + RowText(Row());
  ASSERT_TRUE(WriteFile(path, AsBytes(whole + "root-runtime-glo")));
  const auto rows = ReadRows(path);
  ASSERT_TRUE(rows.has_value()) << rows.error();
  EXPECT_EQ(*rows, std::vector{Row()});
  ASSERT_TRUE(WriteFile(path, AsBytes(whole + "x,y\n")));
  EXPECT_EQ(ReadRows(path).error(), path + ": line 3: not 20 fields");
  ASSERT_TRUE(WriteFile(path, AsBytes("fault,seed\n")));
  EXPECT_NE(ReadRows(path).error().find("not a file of trials of this version"), std::string::npos);
}

TEST(TrialRow, ReadingIsTotal) {
  const std::string text = RowText(Row());
  Rng rng(1);
  for (int i = 0; i < 5'000; ++i) {
    std::string broken = text.substr(0, text.size() - 1);
    for (uint64_t changes = 1 + rng.Below(4); changes > 0; --changes) {
      broken[rng.Below(broken.size())] = static_cast<char>("\",-9x. \x80"[rng.Below(8)]);
    }
    const auto row = ReadRow(broken);
    if (row) {
      EXPECT_EQ(ReadRow(RowText(*row).substr(0, RowText(*row).size() - 1))->key, row->key);
    }
  }
}

}  // namespace
}  // namespace slabhound::bench
