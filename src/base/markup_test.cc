#include "base/markup.h"

#include <gtest/gtest.h>

namespace slabhound {
namespace {

TEST(Markup, EscapesWhatMeansSomething) {
  EXPECT_EQ(MarkupText("<a b=\"c\">&amp;]]>"), "&lt;a b=&quot;c&quot;&gt;&amp;amp;]]&gt;");
  EXPECT_EQ(MarkupText("two\nlines\tand a tab"), "two\nlines\tand a tab");
}

TEST(Markup, WhatXmlCannotHoldIsAQuestionMark) {
  EXPECT_EQ(MarkupText(std::string_view("a\0b\x1b[K\r", 7)), "a?b?[K?");
  EXPECT_EQ(MarkupText("\xef\xbf\xbe"), "?");
}

TEST(Markup, BytesThatAreNoTextBecomeQuestionMarks) {
  EXPECT_EQ(MarkupText("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
            "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(MarkupText("\xff"
                       "a"),
            "?a");
  EXPECT_EQ(MarkupText("\xc0\xaf"), "??");            // overlong
  EXPECT_EQ(MarkupText("\xed\xa0\x80"), "?");         // half of a pair
  EXPECT_EQ(MarkupText("\xe2\x82"), "??");            // cut off
  EXPECT_EQ(MarkupText("\xf4\x90\x80\x80"), "????");  // beyond the last
}

}  // namespace
}  // namespace slabhound
