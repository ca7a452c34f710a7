// Goal: a key survives its JSON, and whatever else the JSON is, it is an error of one line.
#include "cause/json.h"

#include <gtest/gtest.h>

namespace slabhound::cause {
namespace {

const Key kKey = {{{"wasmtime@31.0.0", Cell::Fail}, {"wasmtime@32.0.0", Cell::NotAble}},
                  {{"loop", "struct.new"}},
                  Severity::MemoryCorruption,
                  "other returns"};

TEST(Json, AKeyIsReadAsItWasWritten) { EXPECT_EQ(ReadKey(WriteKey(kKey)).value(), kKey); }

TEST(Json, AnythingElseIsAnError) {
  const nlohmann::ordered_json good = WriteKey(kKey);
  for (const char* name : {"variants", "shape", "severity", "locus"}) {
    for (const nlohmann::ordered_json& bad :
         {nlohmann::ordered_json(1), nlohmann::ordered_json("x"),
          nlohmann::ordered_json::array({1}), nlohmann::ordered_json{{"a", "b"}}}) {
      nlohmann::ordered_json json = good;
      json[name] = bad;
      if (name == std::string("locus") && bad.is_string()) continue;
      EXPECT_FALSE(ReadKey(json)) << json;
    }
    nlohmann::ordered_json without = good;
    without.erase(name);
    EXPECT_FALSE(ReadKey(without)) << name;
  }
  EXPECT_FALSE(ReadKey(nlohmann::ordered_json(nullptr)));
}

}  // namespace
}  // namespace slabhound::cause
