#include "campaign/disk_watch.h"

#include <fmt/format.h>

#include <filesystem>
#include <vector>

#include "ledger/artifacts.h"
#include "ledger/database.h"

namespace slabhound::campaign {
namespace {

namespace fs = std::filesystem;

constexpr double kInterval = 60;  // seconds

uint64_t BytesOf(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    const uint64_t size = it->is_regular_file(ignored) ? it->file_size(ignored) : 0;
    if (!ignored) bytes += size;
  }
  return bytes;
}

}  // namespace

Result<void, FileError> DiskWatch::Look(double seconds) {
  if ((!limits_.bytes_max && !limits_.age_max) || seconds < next_) return {};
  next_ = seconds + kInterval;
  TRY_ASSIGN(const std::vector<ledger::Original> originals, logbook_.Originals());
  std::vector<upkeep::KeptFile> files;
  std::vector<std::string> paths;
  for (const ledger::Original& each : originals) {
    TRY_ASSIGN(std::string path, ledger::ArtifactPath(folder_, each.artifact));
    std::error_code gone;
    const uint64_t bytes = fs::file_size(path, gone);
    files.push_back({.bytes = gone ? 0 : bytes,
                     .symptom_cases = each.symptom_cases,
                     .symptom_seen = each.symptom_seen_ms / 1000,
                     .made = each.at_ms / 1000,
                     .is_needed = each.is_first_of_bug});
    paths.push_back(std::move(path));
  }
  const uint64_t before = limits_.bytes_max ? BytesOf(folder_) : 0;
  const upkeep::Removal removal =
      upkeep::PlanRemoval(files, before, limits_, ledger::NowMs() / 1000);
  std::vector<std::string> forgotten;
  for (const size_t place : removal.files) {
    std::error_code ignored;
    fs::remove(paths[place], ignored);
    forgotten.push_back(originals[place].artifact);
  }
  if (!forgotten.empty()) {
    TRY(logbook_.Forget(forgotten));
    news_.Say(fmt::format("{} kept originals, {} bytes, are removed: the folder is too {}",
                          forgotten.size(), removal.bytes,
                          limits_.bytes_max && before > *limits_.bytes_max ? "large" : "old"));
  }
  if (logbook_.keeps_originals() && !removal.is_enough) {
    news_.Warn(
        fmt::format("{} is larger than --disk-max and holds no original that may go: the "
                    "campaign goes on without keeping originals",
                    folder_));
  }
  logbook_.SetKeepsOriginals(removal.is_enough);
  return {};
}

}  // namespace slabhound::campaign
