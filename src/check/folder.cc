#include "check/folder.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/file.h"
#include "check/summary.h"

namespace slabhound::check {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSummaryBytesMax = 64u << 20;

}  // namespace

Result<void, std::string> MakeCheckFolder(const std::string& folder) {
  const std::string summary = folder + "/summary.json";
  if (const auto made = MakeFolder(folder); !made) return Fail(made.error().message);
  std::error_code error;
  const bool is_empty = fs::is_empty(folder, error);
  if (error) return Fail(fmt::format("{}: {}", folder, error.message()));
  const auto content = ReadFile(summary, kSummaryBytesMax);
  if (!is_empty && !(content && IsSummary(AsText(*content)))) {
    return Fail(
        fmt::format("{}: it holds what no check wrote; --out names another folder", folder));
  }
  if (const auto written = WriteFile(summary, AsBytes(UnfinishedText())); !written) {
    return Fail(written.error().message);
  }
  for (const char* each : {kFindings, "junit.xml", "slabhound.sarif", "campaign.log"}) {
    fs::remove_all(fs::path(folder) / each, error);
    if (error) return Fail(fmt::format("{}/{}: {}", folder, each, error.message()));
  }
  return {};
}

}  // namespace slabhound::check
