// Goal: a finding keeps what it needs of its engines, and nothing else.
//
// Method: a fake release, which is the hostile worker: it panics always.
#include "minimizer/settle.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/test_folder.h"
#include "diff/fixture.h"
#include "minimizer/case.h"
#include "worker/protocol.h"

namespace slabhound::minimizer {
namespace {

std::string SettledSuspect(const std::string& signature_of) {
  const auto suspect = *engine::ParseEngine("wasmtime@31.0.0:gc=full,seed=1,opt=speed,pooling");
  Keep keep{.engines = {engine::EngineSpec{}, *engine::ParseEngine("slab"), suspect},
            .suspect = suspect,
            .signature = diff::PanicSignature(signature_of, "wasmtime")};
  testcase::TestCase input = CaseOf("(module (func (export \"run\")))");
  const size_t imports = input.module.imports.size();
  Settle(input, keep);
  EXPECT_EQ(input.module.imports.size(), imports);
  return fmt::format("{} of {}", engine::EngineText(keep.suspect), keep.engines.size());
}

TEST(Settle, WhatNeedsNothingHasNothing) {
  const TestFolder folder;
  setenv("SLABHOUND_CACHE", folder.path().c_str(), 1);
  const std::string engine =
      folder.File(fmt::format("engines-{}/wasmtime@31.0.0", worker::kProtocolVersion));
  std::filesystem::create_directories(engine);
  const std::string worker = engine + "/worker";
  const std::string script = "#!/bin/sh\nexec python3 '" SLABHOUND_SOURCE_DIR
                             "/src/workers/hostile/hostile_worker.py' run-panic\n";
  ASSERT_TRUE(WriteFile(worker, AsBytes(script)));
  ASSERT_EQ(chmod(worker.c_str(), 0755), 0);
  EXPECT_EQ(SettledSuspect("id from different slab"), "wasmtime@31.0.0:gc=none of 2");
  // What does not show stays as it is.
  EXPECT_EQ(SettledSuspect("stale id"), "wasmtime@31.0.0:gc=full,seed=1,opt=speed,pooling of 3");
  unsetenv("SLABHOUND_CACHE");
}

}  // namespace
}  // namespace slabhound::minimizer
