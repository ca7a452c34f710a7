#include "campaign/layout.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

namespace slabhound::campaign {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSymptoms = "symptoms";
constexpr std::string_view kNoBug = "artifacts";  // files by their content (ledger/artifacts.h)

// Folders in a folder, hidden ones left out; none where there is no such folder.
Result<std::vector<std::string>, FileError> FoldersIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error, ignored;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with('.') && it->is_directory(ignored)) names.push_back(name);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Fail(FileErrorOf(folder, error.value()));
  }
  return names;
}

std::string SymptomsOf(const std::string& folder, const std::string& bug) {
  return fmt::format("{}/{}/{}", folder, bug, kSymptoms);
}

// True: it moved. A name that is taken, or a folder that somebody moved away, stays as it is.
Result<bool, FileError> Move(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOENT) return false;
  return Fail(FileErrorOf(to, errno));
}

// Whether nothing is below it any more.
bool IsEmptied(const std::string& folder, const std::string& bug) {
  return rmdir(SymptomsOf(folder, bug).c_str()) == 0 || errno == ENOENT;
}

}  // namespace

std::string PathOf(const std::string& folder, const std::string& slug, const std::string& bug) {
  return bug.empty() ? folder + "/" + slug : SymptomsOf(folder, bug) + "/" + slug;
}

Result<Places, FileError> FindPlaces(const std::string& folder) {
  Places places;
  TRY_ASSIGN(std::vector<std::string> bugs, FoldersIn(folder));
  std::erase(bugs, kNoBug);
  for (const std::string& bug : bugs) {
    places[bug] = {};
    TRY_ASSIGN(const std::vector<std::string> symptoms, FoldersIn(SymptomsOf(folder, bug)));
    for (const std::string& symptom : symptoms) places.try_emplace(symptom, bug);
  }
  for (const std::string& bug : bugs) places[bug] = {};
  return places;
}

Result<void, FileError> MoveOut(const std::string& folder, const std::string& bug) {
  TRY_ASSIGN(const std::vector<std::string> symptoms, FoldersIn(SymptomsOf(folder, bug)));
  for (const std::string& symptom : symptoms) {
    TRY(Move(PathOf(folder, symptom, bug), PathOf(folder, symptom, {})));
  }
  IsEmptied(folder, bug);
  return {};
}

Result<void, FileError> Arrange(const std::string& folder, const Places& wanted) {
  TRY_ASSIGN(Places places, FindPlaces(folder));
  const auto bug_of = [&wanted](const std::string& slug, const std::string& otherwise) {
    const auto found = wanted.find(slug);
    return found == wanted.end() ? otherwise : found->second;
  };
  for (auto& [slug, bug] : places) {
    if (bug.empty() || bug_of(slug, bug) == bug) continue;
    TRY_ASSIGN(const bool moved, Move(PathOf(folder, slug, bug), PathOf(folder, slug, {})));
    if (moved) bug.clear();
  }
  for (const auto& [slug, bug] : places) {
    const std::string target = bug_of(slug, bug);
    if (!bug.empty() || target.empty() || !places.contains(target)) continue;
    if (!IsEmptied(folder, slug)) continue;
    TRY(MakeFolder(SymptomsOf(folder, target)));
    TRY(Move(PathOf(folder, slug, {}), PathOf(folder, slug, target)));
  }
  for (const auto& [slug, bug] : places) {
    if (bug_of(slug, bug).empty()) IsEmptied(folder, slug);
  }
  return {};
}

FolderLock::FolderLock(const std::string& folder)
    : fd_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace slabhound::campaign
