// Goal: the releases on which a finding fails are told rightly, whatever those do that pass, cannot
// run it, or fail behind one that passes.
//
// Method: a cache folder with fake releases; each is the hostile worker, which fails, or answers as
// the case asks for: its instantiation traps.
#include "diff/releases.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/test_folder.h"
#include "diff/fixture.h"
#include "wasm/decode.h"
#include "worker/protocol.h"

namespace slabhound::diff {
namespace {

constexpr const char* kPasses = "run-traps";
constexpr const char* kFails = "run-panic";

class ReleasesTest : public testing::Test {
 protected:
  ReleasesTest() { setenv("SLABHOUND_CACHE", folder_.path().c_str(), 1); }
  ~ReleasesTest() override { unsetenv("SLABHOUND_CACHE"); }

  void Install(const std::string& release, const std::string& how) {
    const std::string folder =
        folder_.File(fmt::format("engines-{}/wasmtime@{}", worker::kProtocolVersion, release));
    std::filesystem::create_directories(folder);
    const std::string worker = folder + "/worker";
    const std::string script = "#!/bin/sh\nexec python3 '" SLABHOUND_SOURCE_DIR
                               "/src/workers/hostile/hostile_worker.py' " +
                               how + "\n";
    ASSERT_TRUE(WriteFile(worker, AsBytes(script)));
    ASSERT_EQ(chmod(worker.c_str(), 0755), 0);
    releases_.engines.push_back(*engine::ParseEngine("wasmtime@" + release));
  }

  std::string Failing(const std::string& suspect,
                      const Signature& signature = PanicSignature("id from different slab",
                                                                  "wasmtime")) {
    // (module (func $f unreachable) (start $f))
    const Bytes bytes = {0, 'a', 's', 'm', 1, 0, 0, 0,  1, 4, 1, 0x60, 0, 0,
                         3, 2,   1,   0,   8, 1, 0, 10, 5, 1, 3, 0,    0, 0x0b};
    const auto prepared = Prepare({*wasm::Decode(bytes), {}});
    // Workers live on under the names of their configurations.
    static int number = 0;
    Verdict verdict{.kind = VerdictKind::Panic,
                    .signature = signature,
                    .suspect = *engine::ParseEngine(fmt::format("{}:seed={}", suspect, ++number))};
    runs_ = 0;
    releases_.before_each_run = [this] { ++runs_; };
    return RangeText(
        FailingReleases(*prepared, engine::EngineSpec{}, verdict, releases_, worker::Lab()));
  }

  TestFolder folder_;
  Releases releases_;
  int runs_ = 0;
};

TEST_F(ReleasesTest, TheRangeEndsAtWhatPasses) {
  Install("50.0.1", kFails);
  Install("9.0.0", kFails);
  Install("31.0.0", kPasses);
  Install("43.0.0", kFails);
  Install("44.0.0", kFails);
  Install("45.0.0", kPasses);
  EXPECT_EQ(Failing("wasmtime@43.0.0"), "43.0.0 to 44.0.0");
  EXPECT_EQ(runs_, 3);
  EXPECT_EQ(Failing("wasmtime@9.0.0"), "only 9.0.0");
  EXPECT_EQ(Failing("wasmtime@50.0.1"), "only 50.0.1");
  EXPECT_EQ(Failing("wasmtime@32.0.0"), "32.0.0 to 44.0.0");  // not one of them
}

TEST_F(ReleasesTest, WhatNeitherFailsNorPassesIsPassedOver) {
  Install("30.0.0", "exit");
  Install("31.0.0", kFails);
  Install("43.0.0", "run-refuses");
  Install("44.0.0", "idle-fine");
  Install("46.0.1", "run-refuses");
  EXPECT_EQ(Failing("wasmtime@45.0.0"), "31.0.0 to 45.0.0");
  EXPECT_EQ(runs_, 5);
  // Of one that refuses the case, others do fail that refuse it.
  EXPECT_EQ(Failing("wasmtime@45.0.0", {.found = {trace::ClassKind::Rejected}}),
            "31.0.0 to 46.0.1");
}

TEST_F(ReleasesTest, OtherEnginesHaveNone) {
  Install("31.0.0", kFails);
  EXPECT_EQ(Failing("v8"), "");
  EXPECT_EQ(runs_, 0);
}

}  // namespace
}  // namespace slabhound::diff
