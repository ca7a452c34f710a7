// Goal: a file of answers is read as answers.h says, and what is wrong is one line with its number.
#include "provide/answers.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace slabhound::provide {
namespace {

constexpr std::string_view kHead = "slabhound-imports 1\n";

std::string ErrorOf(const std::string& lines) {
  const auto answers = ReadAnswers(std::string(kHead) + lines);
  return answers ? "" : answers.error();
}

TEST(Answers, TakesEveryKindOfLine) {
  const auto answers = ReadAnswers(R"(slabhound-imports 1
# A comment, and an empty line.

global "m" "g" i32:-1
memory "m" "memory" 33
table "m" "table" 5
js-tag "m" "tag"
start
  import "m" "f" i32:5 i64:-1 f32:nan f64:-0.5 null i31:-7 str:"a\0022" -> host:3 ref:4
->
write export "memory" 8 00ff
ref:4 export:"back"
  import "m" "g"
    export "back" -> i32:1
    export "back" threw
    write import "m" "memory" 1 0a
  throw export "tag" i32:1
  import "m" "g" throw host:3
  import "m" "g" trap
threw
)");
  ASSERT_TRUE(answers.has_value()) << answers.error();
  EXPECT_EQ(answers->globals[0].value.bits, 0xffffffffu);
  EXPECT_EQ(answers->sizes.size(), 2u);
  EXPECT_EQ(answers->js_tags[0].name, "tag");
  const ImportCall& first = answers->Find("m", "f")->calls[0];
  EXPECT_EQ(first.arguments.size(), 7u);
  EXPECT_EQ(first.arguments[6].text, std::string("a\0\"\0", 4));
  EXPECT_EQ(first.end.values[1].kind, ValueKind::Ref);
  const std::vector<ImportCall>& calls = answers->Find("m", "g")->calls;
  ASSERT_EQ(calls.size(), 3u);
  EXPECT_EQ(calls[0].actions.size(), 3u);
  EXPECT_EQ(std::get<HostCall>(calls[0].actions[1]).end.kind, EndKind::Threw);
  EXPECT_EQ(calls[0].end.kind, EndKind::ThrowTag);
  EXPECT_EQ(calls[1].end.kind, EndKind::ThrowObject);
  EXPECT_EQ(calls[2].end.kind, EndKind::Trap);
  ASSERT_EQ(answers->outside.size(), 2u);
  EXPECT_EQ(std::get<Write>(answers->outside[0]).bytes, std::string("\0\xff", 2));
  EXPECT_EQ(std::get<HostCall>(answers->outside[1]).end.kind, EndKind::Threw);
}

TEST(Answers, NamesAreUtf8) {
  const auto answers = ReadAnswers(std::string(kHead) + "memory \"\\00e9\" \"\\d83d\\de00\" 1\n");
  ASSERT_TRUE(answers.has_value()) << answers.error();
  EXPECT_EQ(answers->sizes[0].import.module, "\xc3\xa9");
  EXPECT_EQ(answers->sizes[0].import.name, "\xf0\x9f\x98\x80");
}

TEST(Answers, EveryErrorHasItsLine) {
  EXPECT_EQ(ReadAnswers("").error(), "the file is empty");
  EXPECT_EQ(ReadAnswers("(module)").error(),
            "line 1: a file of answers starts with 'slabhound-imports 1'");
  const std::pair<std::string, std::string> rows[] = {
      {"memory \"m\" \"n\"", "line 2: '' is no number"},
      {"memory \"m\" \"n\" 1 2", "line 2: more than a line has: '2'"},
      {"memory \"m", "line 2: a string without its end"},
      {"memory \"\\00g0\" \"n\" 1", "line 2: four hexadecimal digits follow \\"},
      {"global \"m\" \"n\" i32:x", "line 2: 'x' is no number of i32"},
      {"global \"m\" \"n\" host:100000", "line 2: too many objects"},
      {"hello", "line 2: no value at 'hello'"},
      {"export \"f\"", "line 2: the call has no end"},
      {"->", "line 2: the end of no call"},
      {"import \"m\" \"f\" ->", "line 2: only the module calls an import: no call of it is open"},
      {"start\nstart", "line 3: a start within a call"},
      {"export \"f\"\nexport \"g\" ->",
       "line 3: the host calls only from an import, or when no call is open"},
      {"export \"f\"\nwrite export \"memory\" 0 00", "line 3: the host is not running here"},
      {"export \"f\"\ntrap", "line 3: no end of such a call: 'trap'"},
      {"start\nimport \"m\" \"f\"\nthrew", "line 4: no end of such a call: 'threw'"},
      {"write ref:1 0 00", "line 2: a memory has a name"},
      {"write export \"memory\" 0 0", "line 2: bytes are pairs of hexadecimal digits"},
  };
  for (const auto& [lines, error] : rows) {
    EXPECT_EQ(ErrorOf(lines), error) << lines;
  }
}

TEST(Answers, NestingIsBounded) {
  std::string lines = "export \"f\"\n";
  for (size_t i = 0; i < kAnswersDepthMax; ++i) {
    lines += i % 2 == 0 ? "import \"m\" \"f\"\n" : "export \"f\"\n";
  }
  EXPECT_EQ(ErrorOf(lines),
            fmt::format("line {}: calls are nested too deeply", kAnswersDepthMax + 2));
}

}  // namespace
}  // namespace slabhound::provide
