#include "worker/protocol.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace slabhound::worker {
namespace {

const trace::RunRequest kRequest = {
    .id = 7, .exports = {"call 0", "call 1", "state"}, .log_max = 3};

std::string Error(std::string_view text) {
  const auto run = ParseRun(text, kRequest);
  return run ? "fine" : run.error();
}

TEST(Protocol, RequestsAreWhatThePageSays) {
  EXPECT_EQ(HelloText(), R"({"op":"hello"})");
  EXPECT_EQ(
      RequestText({.id = 1, .exports = {"call 0"}, .gc = engine::Collection::Full, .gc_max = 2}),
      R"({"exports":["call 0"],"gc":"full","gc_max":2,"id":1,"log_max":100000,"op":"run"})");
}

TEST(Protocol, AValidModuleIsToldSo) {
  const std::string text = RequestText({.id = 1, .valid = true});
  EXPECT_TRUE(text.ends_with(R"("op":"run","valid":true})")) << text;
  EXPECT_TRUE(ParseRequest(text)->valid);
  EXPECT_FALSE(ParseRequest(RequestText({.id = 1}))->valid);
}

TEST(Protocol, ProgressIsAskedForAndTold) {
  const trace::RunRequest request = {.id = 7, .progress = true};
  EXPECT_EQ(ParseRequest(RequestText(request)), request);
  EXPECT_FALSE(ParseRequest(RequestText({.id = 7}))->progress);
  EXPECT_TRUE(
      ParseHello(R"({"protocol":2,"engine":"a","capabilities":{"progress":true}})")->progress);
  EXPECT_FALSE(ParseHello(R"({"protocol":2,"engine":"a"})")->progress);
  EXPECT_EQ(ParseProgress(R"({"id":7,"at":"call 0"})", request), "call 0");
  for (const char* other : {R"({"id":8,"at":"call 0"})", R"({"id":7,"instantiate":{}})", "x", ""}) {
    EXPECT_EQ(ParseProgress(other, request), std::nullopt) << other;
  }
}

TEST(Protocol, RequestsAreReadBack) {
  const trace::RunRequest request = {.id = 9,
                                     .exports = {"call 0", "a \"b\""},
                                     .gc = engine::Collection::Minor,
                                     .gc_max = 5,
                                     .log_max = 6};
  const auto read = ParseRequest(RequestText(request));
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(RequestText(*read), RequestText(request));
  EXPECT_EQ(ParseRequest("[]").error(), "the request is no JSON object");
  EXPECT_EQ(ParseRequest(R"({"gc":"all"})").error(), "the request's gc is of no known kind");
  EXPECT_EQ(ParseRequest(R"({"gc":"full","exports":[1]})").error(),
            "the request's exports are no list of names");
}

TEST(Protocol, AnAnswerIsRead) {
  auto run = ParseRun(R"({"id":7,"instantiate":{"end":"returns","logged":1},
      "calls":[{"end":"returns","logged":9},
               {"end":"trap","message":"illegal cast"},{"end":"limit","kind":"stack"}],
      "milliseconds":0.5,"memory_bytes":4096})",
                      kRequest);
  ASSERT_TRUE(run.has_value()) << run.error();
  Bytes logs(32, 0xff);
  StoreLittle(logs.data(), uint64_t{4});
  StoreLittle(logs.data() + 8, uint64_t{5});
  ASSERT_TRUE(ParseLogs(logs, kRequest, *run).has_value());
  EXPECT_EQ(run->instantiate.log, std::vector<uint64_t>{4});
  ASSERT_EQ(run->calls.size(), 3u);
  EXPECT_EQ(run->calls[0].log, (std::vector<uint64_t>{5, ~0ull, ~0ull}));
  EXPECT_EQ(run->calls[0].logged, 9u);
  EXPECT_EQ(run->calls[1].end, WorkerEnd::Trap);
  EXPECT_EQ(run->calls[1].message, "illegal cast");
  EXPECT_EQ(run->calls[2].kind, "stack");
  EXPECT_EQ(run->memory_bytes, 4096u);
}

TEST(Protocol, LogsAreAsLongAsTheStepsSay) {
  for (const auto& [bytes, fine] : {std::pair(16, true), {0, false}, {15, false}, {24, false}}) {
    auto run = ParseRun(R"({"id":7,"instantiate":{"end":"trap","logged":2}})", kRequest).value();
    EXPECT_EQ(ParseLogs(Bytes(bytes), kRequest, run).has_value(), fine) << bytes;
  }
  auto run =
      ParseRun(R"({"id":7,"instantiate":{"end":"trap","logged":18446744073709551615}})", kRequest)
          .value();
  EXPECT_EQ(ParseLogs(Bytes(8), kRequest, run).error(),
            "8 bytes of logs are not what the steps logged");
}

TEST(Protocol, HelloIsRead) {
  const auto hello = ParseHello(
      R"({"protocol":2,"engine":"mine","version":"0.1","capabilities":{"gc":["full"]}})");
  ASSERT_TRUE(hello.has_value()) << hello.error();
  EXPECT_EQ(hello->engine, "mine");
  EXPECT_EQ(hello->collections, std::vector<std::string>{"full"});
  EXPECT_EQ(ParseHello(R"({"protocol":1,"engine":"mine"})").error(), "it speaks protocol 1, not 2");
  EXPECT_EQ(ParseHello(R"({"protocol":2})").error(), "the answer to hello names no engine");
  EXPECT_TRUE(ParseHello(R"({"protocol":2,"engine":"a","capabilities":[1]})").has_value());
}

TEST(Protocol, NonsenseIsNamed) {
  EXPECT_EQ(Error(""), "the answer is no JSON object");
  EXPECT_EQ(Error("[1]"), "the answer is no JSON object");
  EXPECT_EQ(Error(std::string(1'000'000, '[')), "the answer is no JSON object");
  EXPECT_EQ(Error(R"({"id":8})"), "the answer is to request 8, not 7");
  EXPECT_EQ(Error(R"({"id":7})"), "a step is no object");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":{"end":"maybe"}})"), "a step ends with 'maybe'");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":{"end":"returns"}})"), "0 calls for 3 exports");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":{"end":"trap"},"calls":[{"end":"returns"}]})"),
            "1 calls for 3 exports");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":{"end":"returns"},
                      "calls":[{"end":"limit"},{"end":"returns"}]})"),
            "a call follows one that ends the run");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":{"end":"rejected","message":"no"}})"), "fine");
  const auto step = [](std::string_view calls) {
    return Error(fmt::format(R"({{"id":7,"instantiate":{{"end":"returns"}},"calls":{}}})", calls));
  };
  for (const char* calls : {"[7]", "[[]]", "[null]", R"(["returns"])"}) {
    EXPECT_EQ(step(calls), "a step is no object") << calls;
  }
  for (const char* calls : {"7", "{}", R"("call")"}) {
    EXPECT_EQ(step(calls), "there are more calls than exports asked for") << calls;
  }
  const std::string returns = R"({"end":"returns"})";
  EXPECT_EQ(step(fmt::format("[{0},{0},{0},{0}]", returns)),
            "there are more calls than exports asked for");
  EXPECT_EQ(step(fmt::format(R"([{0},{0},{{}}])", returns)), "a step ends with ''");
  EXPECT_EQ(step(fmt::format(R"([{0},{0},{0}])", returns)), "fine");
  EXPECT_EQ(step(fmt::format(R"([{0},{0},{0}]])", returns)), "the answer is no JSON object");
  EXPECT_EQ(Error(R"({"id":7,"instantiate":[{"end":"returns"}]})"), "a step is no object");
}

TEST(Protocol, BehindAnAllocationThatFailedCallsMayFollow) {
  const auto calls = [](std::string_view kind, int behind) {
    std::string text = fmt::format(R"({{"end":"limit","kind":"{}"}})", kind);
    for (int i = 0; i < behind; ++i) text += R"(,{"end":"returns"})";
    return Error(fmt::format(R"({{"id":7,"instantiate":{{"end":"returns"}},"calls":[{}]}})", text));
  };
  for (const char* kind : {"allocation", "memory"}) {
    EXPECT_EQ(calls(kind, 2), "fine");
    EXPECT_EQ(calls(kind, 0), "fine");
    EXPECT_EQ(calls(kind, 1), "2 calls for 3 exports");
  }
  EXPECT_EQ(calls("stack", 0), "fine");
  EXPECT_EQ(calls("stack", 2), "a call follows one that ends the run");
}

TEST(Protocol, WhatAnAnswerHasBesidesIsLeftOut) {
  const auto run = ParseRun(R"({"more":{"id":1,"calls":[{"end":"x"}],"instantiate":3},"id":7,
      "list":[[{"end":1}]],"instantiate":{"at":{"end":"limit","kind":"a"},"end":"trap","logged":-1,
      "kind":["b"],"message":"m"},"calls":[],"milliseconds":"1"})",
                            kRequest);
  ASSERT_TRUE(run.has_value()) << run.error();
  EXPECT_EQ(run->instantiate.end, WorkerEnd::Trap);
  EXPECT_EQ(run->instantiate.kind, "");
  EXPECT_EQ(run->instantiate.message, "m");
  EXPECT_EQ(run->instantiate.logged, 0u);
}

}  // namespace
}  // namespace slabhound::worker
