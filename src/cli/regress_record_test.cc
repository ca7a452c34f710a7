#include "cli/regress_record.h"

#include <gmock/gmock.h>

namespace slabhound::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(RegressRecord, NamesReleasesAndOptions) {
  const auto record = ReadRecord(
      ";; About it.\n"
      ";; record wasmtime#10397 fails 28.0.0 31.0.0 passes 32.0.0 options points=1,opt=speed\n"
      "(module)\n");
  ASSERT_TRUE(record.has_value() && record->has_value());
  EXPECT_EQ((*record)->issue, "wasmtime#10397");
  EXPECT_EQ((*record)->engine, "wasmtime");
  EXPECT_THAT((*record)->fails, ElementsAre("28.0.0", "31.0.0"));
  EXPECT_THAT((*record)->passes, ElementsAre("32.0.0"));
  EXPECT_EQ((*record)->options, "points=1,opt=speed");
}

TEST(RegressRecord, MayMatchNothingPublished) {
  const auto record = ReadRecord(";; record unmatched of endive fails 1.2.0\r\n");
  ASSERT_TRUE(record.has_value() && record->has_value());
  EXPECT_EQ((*record)->issue, "unmatched");
  EXPECT_EQ((*record)->engine, "endive");
  EXPECT_THAT((*record)->passes, IsEmpty());
}

TEST(RegressRecord, IsOptional) {
  const auto record = ReadRecord("(module) ;; record of nothing\n");
  ASSERT_TRUE(record.has_value());
  EXPECT_FALSE(record->has_value());
}

TEST(RegressRecord, SaysWhatIsWrongWithIt) {
  for (const auto& [text, message] : {
           std::pair("nonsense fails 1.0", "neither ENGINE#NUMBER"),
           std::pair("#1 fails 1.0", "no engine"),
           std::pair("unmatched fails 1.0", "`of ENGINE`"),
           std::pair("wasmtime#1 passes 1.0", "no release fails"),
           std::pair("wasmtime#1 fails 1.0 sometimes", "`sometimes`"),
           std::pair("wasmtime#1 1.0", "`1.0`"),
           std::pair("wasmtime#1 fails 1.0 passes 1.0", "twice"),
           std::pair("wasmtime#1 fails 1.0 options", "needs some"),
           std::pair("wasmtime#1 fails 1.0\n;; record wasmtime#2 fails 1.0", "second"),
       }) {
    const auto record = ReadRecord(std::string(";; record ") + text + "\n");
    ASSERT_FALSE(record.has_value()) << text;
    EXPECT_THAT(record.error(), HasSubstr(message));
  }
}

}  // namespace
}  // namespace slabhound::cli
