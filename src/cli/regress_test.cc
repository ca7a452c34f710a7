// Goal: the regression corpus stays silent on the clean engine, and each witness of a fault still
// shows it.
// Method: every file of corpus/regress is judged under the default engines; the witnesses again
// with their fault, in a build that has it.
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "base/file.h"
#include "diff/compare.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

const std::filesystem::path kFolder = SLABHOUND_SOURCE_DIR "/corpus/regress";

testcase::TestCase Load(const std::filesystem::path& path) {
  const auto bytes = ReadFile(path.string(), 1u << 20);
  EXPECT_TRUE(bytes.has_value()) << (bytes ? "" : bytes.error().message);
  if (!bytes) return {};
  auto module = text::ReadModule(std::string(bytes->begin(), bytes->end()));
  EXPECT_TRUE(module.has_value()) << path << ": " << (module ? "" : module.error().Message());
  if (!module) return {};
  auto test_case = testcase::MakeTestCase(*std::move(module));
  EXPECT_TRUE(test_case.has_value());
  return test_case ? *std::move(test_case) : testcase::TestCase{};
}

TEST(Regressions, AreSilentOnTheCleanEngine) {
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".wat") files.insert(entry.path());
  }
  EXPECT_FALSE(files.empty());
  for (const auto& path : files) {
    const diff::Verdict verdict = diff::Judge(Load(path), engine::DefaultEngines(), {});
    EXPECT_EQ(diff::VerdictName(verdict.kind), "agree") << path << "\n" << verdict.explanation;
  }
}

TEST(Regressions, TheFoundingBugShowsItsFault) {
  if (!heap::FaultsCompiledIn()) GTEST_SKIP() << "a build with SLABHOUND_FAULTS";
  const diff::Verdict verdict =
      diff::Judge(Load(kFolder / "wasmtime-10397.wat"),
                  engine::DefaultEngines(heap::Fault::RootLoopNoFixpoint), {});
  EXPECT_EQ(diff::VerdictName(verdict.kind), "panic");
  EXPECT_THAT(diff::SignatureText(verdict.signature),
              testing::AnyOf("slab panic: stale id", "slab panic: id from different slab"));
}

}  // namespace
}  // namespace slabhound::cli
