// Goal: of an engine's last words what a developer looks for, in few lines.
#include "cli/detail_text.h"

#include <gtest/gtest.h>

namespace slabhound::cli {
namespace {

using Lines = std::vector<std::string>;

TEST(DetailText, OfAPanicHasWordsPlaceAndTheFirstFunctions) {
  EXPECT_EQ(
      DetailLines("\nthread '<unnamed>' panicked at /home/me/long/way/slab/src/lib.rs:387:14:\n"
                  "id from different slab\nstack backtrace:\n"
                  "   0: rust_begin_unwind\n   1: core::panicking::panic_fmt\n"
                  "   2: engine::get_func\n             at ./a.c:1:2\n   3: <unknown>\n"
                  "   4: engine::catch\n   5: engine::more\nnote: some details\n",
                  30),
      (Lines{"id from different slab", "at …/slab/src/lib.rs:387:14", "in engine::get_func",
             "in engine::catch"}));
}

TEST(DetailText, OfAnythingElseHasItsFirstLines) {
  EXPECT_EQ(DetailLines("a\n\n  b \nc\nd\n", 30), (Lines{"a", "b", "c"}));
  EXPECT_EQ(DetailLines("12345678", 5), Lines{"1234…"});
  EXPECT_EQ(DetailLines("\n \n", 30), Lines{});
}

TEST(DetailText, IsBoundedWhateverItIs) {
  const std::string long_line(10'000, 'x');
  std::string detail = "t panicked at " + long_line + "\n";
  for (int i = 0; i < 100; ++i) detail += long_line + "\n";
  detail += "stack backtrace:\n";
  for (int i = 0; i < 100; ++i) detail += std::to_string(i) + ": " + long_line + "\n";
  const Lines lines = DetailLines(detail, 80);
  EXPECT_EQ(lines.size(), kDetailLinesMax);
  for (const std::string& line : lines) EXPECT_LE(line.size(), 80u + 2) << line;
}

}  // namespace
}  // namespace slabhound::cli
