// Goal: a candidate that fails on other releases than the finding is not taken for it.
//
// Method: fake releases, which are the hostile worker: one panics always, the other for large
// modules only.
#include "minimizer/predicate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/leb128.h"
#include "base/test_folder.h"
#include "diff/fixture.h"
#include "minimizer/case.h"
#include "wasm/decode.h"
#include "worker/protocol.h"

namespace slabhound::minimizer {
namespace {

void Install(const TestFolder& folder, const std::string& release, const std::string& how) {
  const std::string engine =
      folder.File(fmt::format("engines-{}/wasmtime@{}", worker::kProtocolVersion, release));
  std::filesystem::create_directories(engine);
  const std::string worker = engine + "/worker";
  const std::string script = "#!/bin/sh\nexec python3 '" SLABHOUND_SOURCE_DIR
                             "/src/workers/hostile/hostile_worker.py' " +
                             how + "\n";
  ASSERT_TRUE(WriteFile(worker, AsBytes(script)));
  ASSERT_EQ(chmod(worker.c_str(), 0755), 0);
}

// (module (func $f unreachable) (start $f) (data "…"))
testcase::TestCase Trapping(uint32_t data_bytes) {
  Bytes bytes = {0, 'a', 's', 'm', 1, 0, 0, 0,  1, 4, 1, 0x60, 0, 0,
                 3, 2,   1,   0,   8, 1, 0, 10, 5, 1, 3, 0,    0, 0x0b};
  Bytes data = {1, 1};
  AppendUnsignedLeb(data, data_bytes);
  data.resize(data.size() + data_bytes);
  bytes.push_back(11);
  AppendUnsignedLeb(bytes, static_cast<uint32_t>(data.size()));
  bytes.insert(bytes.end(), data.begin(), data.end());
  return {*wasm::Decode(bytes), {}};
}

TEST(Predicate, KeepsTheReleasesThatFail) {
  const TestFolder folder;
  setenv("SLABHOUND_CACHE", folder.path().c_str(), 1);
  Install(folder, "31.0.0", "run-panic");
  Install(folder, "43.0.0", "run-large-panics");
  const auto suspect = *engine::ParseEngine("wasmtime@31.0.0");
  Keep keep{.engines = {engine::EngineSpec{}, suspect},
            .suspect = suspect,
            .signature = diff::PanicSignature("id from different slab", "wasmtime"),
            .releases = {{suspect, *engine::ParseEngine("wasmtime@43.0.0")}}};
  const testcase::TestCase small = Trapping(1), large = Trapping(8'000);
  EXPECT_TRUE(KeepsSignature(keep)(large).IsInteresting());
  EXPECT_TRUE(KeepsSignature(keep)(small).IsInteresting());
  keep.failing_releases = {"31.0.0", "43.0.0"};
  EXPECT_TRUE(KeepsSignature(keep)(large).IsInteresting());
  EXPECT_FALSE(KeepsSignature(keep)(small).IsInteresting());
  keep.failing_releases = {"31.0.0", "31.0.0"};
  EXPECT_FALSE(KeepsSignature(keep)(large).IsInteresting());
  EXPECT_TRUE(KeepsSignature(keep)(small).IsInteresting());
  unsetenv("SLABHOUND_CACHE");
}

TEST(Predicate, AnotherCauseIsNoReasonToKeep) {
  const TestFolder folder;
  setenv("SLABHOUND_CACHE", folder.path().c_str(), 1);
  Install(folder, "31.0.0", "run-panic");
  const auto suspect = *engine::ParseEngine("wasmtime@31.0.0");
  Keep keep{.engines = {engine::EngineSpec{}, suspect},
            .suspect = suspect,
            .signature = diff::PanicSignature("id from different slab", "wasmtime")};
  const auto outcome = [&](const testcase::TestCase& test_case) {
    return KeepsSignature(keep)(test_case).Wait(Deadline::max());
  };
  const testcase::TestCase first = Trapping(1), second = Trapping(2);
  keep.same_cause = [](const testcase::TestCase& each, const engine::EngineSpec&) {
    return each.module.datas[0].bytes.size() == 1;
  };
  EXPECT_EQ(outcome(first), Outcome::Interesting);
  EXPECT_EQ(outcome(second), Outcome::Slipped);
  keep.signature = diff::PanicSignature("stale id", "wasmtime");
  EXPECT_EQ(outcome(second), Outcome::NotInteresting);
  unsetenv("SLABHOUND_CACHE");
}

TEST(Predicate, GivesUpBetweenRuns) {
  for (const int runs : {0, 1, 2}) {
    int left = runs;
    const Keep keep{.engines = engine::DefaultEngines(),
                    .suspect = engine::DefaultEngines()[1],
                    .signature = diff::PanicSignature("stale id"),
                    .stop = [&left] { return left-- <= 0; }};
    const auto outcome = KeepsSignature(keep)(SeedCase("pool")).Wait(Deadline::max());
    EXPECT_EQ(outcome, runs < 2 ? Outcome::GivenUp : Outcome::NotInteresting);
  }
}

}  // namespace
}  // namespace slabhound::minimizer
