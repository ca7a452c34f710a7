#include "campaign/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <tuple>
#include <utility>

#include "campaign/history_files.h"
#include "campaign/overrides.h"
#include "ledger/cases.h"
#include "testcase/plan_text.h"
#include "testcase/testcase.h"
#include "wasm/limits.h"
#include "worker/history_section.h"

namespace slabhound::campaign {
namespace {

namespace fs = std::filesystem;

// The case as text, its plan as comments; nothing for a module that does not decode.
std::string WatText(ByteSpan bytes) {
  const auto test_case = testcase::ReadTestCase(bytes);
  if (!test_case) return {};
  return testcase::PrintTestCase(*test_case);
}

// Whether a process that is gone left it: ".SLUG.PID.part" or "FILE.PID.part".
bool IsStalePart(std::string_view name) {
  constexpr std::string_view kEnding = ".part";
  if (!name.ends_with(kEnding)) return false;
  name.remove_suffix(kEnding.size());
  const std::string_view digits = name.substr(name.rfind('.') + 1);
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), pid);
  const bool is_pid = error == std::errc() && end == digits.data() + digits.size() && pid > 0;
  return is_pid && kill(pid, 0) != 0 && errno == ESRCH;
}

void SweepParts(const fs::path& folder) {
  std::vector<fs::path> stale;
  std::error_code ignored;
  for (fs::directory_iterator it(folder, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    if (IsStalePart(it->path().filename().string())) stale.push_back(it->path());
  }
  for (const fs::path& path : stale) fs::remove_all(path, ignored);
}

}  // namespace

Result<Store, FileError> Store::Open(const std::string& folder) {
  TRY(MakeFolder(folder));
  if (access(folder.c_str(), W_OK | X_OK) != 0) return Fail(FileErrorOf(folder, errno));
  TRY_ASSIGN(ledger::Database database, ledger::Database::Open(folder, ledger::Access::Write));
  Store store(folder, std::move(database));
  const FolderLock lock(folder);
  SweepParts(folder);
  TRY_ASSIGN(const Places places, FindPlaces(folder));
  for (const auto& [slug, bug] : places) SweepParts(PathOf(folder, slug, bug));
  TRY(store.Import());
  TRY(store.ArrangeLocked());
  for (const auto& [slug, bug] : store.list_.places) {
    Best& best = store.best_[slug];
    const auto found = store.list_.symptoms.find(slug);
    best.readable = found != store.list_.symptoms.end();
    if (!best.readable) continue;
    const Record& record = found->second;
    best = {true, record.minimized, record.steady, record.history, record.bytes, StartOf(record)};
  }
  return store;
}

Result<void, FileError> Store::Import() {
  TRY_ASSIGN(const std::vector<ledger::Said> said, ReadOverridesFile(folder_));
  if (!said.empty()) TRY(ledger::Say(database_, said));
  RemoveOverridesFile(folder_);
  TRY_ASSIGN(const Places places, FindPlaces(folder_));
  TRY_ASSIGN(const ledger::Cases counted, ledger::ReadCases(database_));
  ledger::Cases before;
  for (const auto& [slug, bug] : places) {
    if (counted.contains(slug)) continue;
    const auto record = ReadRecord(PathOf(folder_, slug, bug), slug);
    if (record) before[slug] = record->count;
  }
  return before.empty() ? Result<void, FileError>{} : ledger::SetBefore(database_, before);
}

Result<void, FileError> Store::ArrangeLocked() {
  TRY_ASSIGN(list_, ReadBugList(folder_));
  bugs_are_stale_ = false;
  TRY(ArrangeBugs(folder_, list_));
  std::vector<ledger::BugRow> rows = RowsOf(list_);
  if (rows == rows_) return {};
  TRY(ledger::WriteBugs(database_, rows));
  rows_ = std::move(rows);
  return {};
}

const BugList& Store::list() const {
  if (std::exchange(bugs_are_stale_, false)) list_.FindBugs();
  return list_;
}

Result<void, FileError> Store::Arrange() {
  const FolderLock lock(folder_);
  return ArrangeLocked();
}

Result<void, FileError> Store::Say(const std::vector<ledger::Said>& said) {
  const FolderLock lock(folder_);
  TRY(ledger::Say(database_, said));
  return ArrangeLocked();
}

std::string Store::FolderOf(const std::string& slug) const {
  const auto place = list_.places.find(slug);
  const std::string path =
      PathOf(folder_, slug, place == list_.places.end() ? std::string() : place->second);
  std::error_code ignored;
  if (fs::exists(path, ignored)) return path;
  // Another process has arranged the folder since.
  const auto places = FindPlaces(folder_);
  const bool is_there = places && places->contains(slug);
  return PathOf(folder_, slug, is_there ? places->at(slug) : std::string());
}

namespace {

// The case with its history; a history that is too large for one file has a folder.
Result<void, FileError> WriteCase(const Finding& finding, const std::string& part) {
  const std::string file = part + "/case.wasm";
  const std::vector<trace::SentRun>& history = finding.recurrence.history;
  if (history.empty()) return WriteFile(file, finding.module);
  const auto whole = worker::WithHistory(finding.module, {finding.suspect, history});
  if (whole) return WriteFile(file, *whole);
  TRY(WriteFile(file, finding.module));
  return WriteHistory(part + "/history", history);
}

// All files of the finding, in a folder that is there.
Result<void, FileError> WriteFiles(const Finding& finding, const std::string& part,
                                   const std::string& json) {
  if (!finding.module.empty()) {
    TRY(WriteCase(finding, part));
    if (const std::string wat = WatText(finding.module); !wat.empty()) {
      TRY(WriteFile(part + "/case.wat", AsBytes(wat)));
    }
  }
  if (!finding.input.empty()) TRY(WriteFile(part + "/input.bin", finding.input));
  if (!finding.regression.empty()) {
    TRY(WriteFile(part + "/regression.wast", AsBytes(finding.regression)));
  }
  return WriteFile(part + "/finding.json", AsBytes(json));
}

}  // namespace

Store::Best Store::BestOf(const Finding& finding) {
  return {true,
          finding.minimized,
          finding.steady,
          finding.recurrence.history.size(),
          finding.module.size(),
          StartOf(finding)};
}

bool Store::IsBetter(const Best& finding, const Best& there) {
  if (finding.minimized != there.minimized) return finding.minimized;
  if ((finding.bytes == 0) != (there.bytes == 0)) return there.bytes == 0;
  if (finding.steady && there.steady) return finding.start < there.start;
  return std::tuple(finding.history, finding.bytes) < std::tuple(there.history, there.bytes);
}

Result<bool, FileError> Store::Offer(const Finding& finding) {
  const std::string slug = SlugOf(finding);
  const FolderLock lock(folder_);
  const Best offered = BestOf(finding);
  uint64_t count = 0;
  if (const auto found = best_.find(slug); found != best_.end()) {
    if (!found->second.readable || !IsBetter(offered, found->second)) return false;
    const Json json = ReadJson(FolderOf(slug));
    if (json.is_discarded()) return false;  // changed under our hands
    count = json["count"].get<uint64_t>();
  }
  TRY(Write(finding, slug, count));
  unsynced_.insert(slug);
  best_[slug] = offered;
  list_.places.try_emplace(slug);
  if (auto record = ReadRecord(FolderOf(slug), slug)) {
    list_.symptoms.insert_or_assign(slug, *std::move(record));
  }
  bugs_are_stale_ = true;
  return true;
}

Result<void, FileError> Store::Write(const Finding& finding, const std::string& slug,
                                     uint64_t count) {
  const std::string target = FolderOf(slug);
  const std::string part = fmt::format("{}/.{}.{}.part", folder_, slug, getpid());
  std::error_code ignored;
  fs::remove_all(part, ignored);
  TRY(MakeFolder(part));
  if (auto written = WriteFiles(finding, part, JsonText(ToJson(finding, target, count)));
      !written) {
    fs::remove_all(part, ignored);
    return Fail(std::move(written.error()));
  }
  // A folder that is there is exchanged in one step, and then removed under the other name.
  TRY(MoveOut(folder_, slug));
  if (renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0 &&
      (errno != EEXIST ||
       renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) != 0)) {
    FileError failure = FileErrorOf(target, errno);
    fs::remove_all(part, ignored);
    return Fail(std::move(failure));
  }
  fs::remove_all(part, ignored);
  return {};
}

template <typename Change>
Result<void, FileError> Store::ChangeJson(const std::string& slug, const Change& change) {
  const FolderLock lock(folder_);
  const std::string path = FolderOf(slug);
  Json json = ReadJson(path);
  if (json.is_discarded() || !change(json)) return {};
  return WriteFile(path + "/finding.json", AsBytes(JsonText(json)));
}

Result<void, FileError> Store::WriteCounts() {
  TRY_ASSIGN(const ledger::Cases cases, ledger::ReadCases(database_));
  for (const auto& [slug, count] : cases) {
    if (!list_.symptoms.contains(slug)) continue;
    TRY(ChangeJson(slug,
                   [count](Json& json) { return std::exchange(json["count"], count) != count; }));
  }
  return {};
}

Result<void, FileError> Store::Sync() {
  if (unsynced_.empty()) return {};
  for (const std::string& slug : unsynced_) {
    const std::string path = FolderOf(slug);
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
      if (entry.is_regular_file(ignored)) TRY(SyncFile(entry.path().string()));
    }
    TRY(SyncFile(path));
    TRY(SyncFile(fs::path(path).parent_path().string()));
  }
  unsynced_.clear();
  return {};
}

Result<void, FileError> Store::Explain(const std::string& slug, const std::string& why,
                                       uint32_t seen, uint32_t tries) {
  return ChangeJson(slug, [&](Json& json) {
    if (json["minimized"].get<bool>()) return false;
    json["regression_missing"] = "the case is not minimized: " + why;
    if (seen != tries) json["reproduced"] = Reproduced(seen, tries);
    return true;
  });
}

Result<void, FileError> Store::ExplainBy(const std::string& slug, const std::string& other) {
  return ChangeJson(slug, [&other](Json& json) {
    if (json["minimized"].get<bool>()) return false;
    json["explained_by"] = other;
    return true;
  });
}

std::vector<Finding> Store::Unminimized(const EnginesOfCase& engines_of) const {
  std::vector<Finding> findings;
  for (const auto& [slug, record] : list_.symptoms) {
    if (record.kind != "finding" || record.minimized || !record.has_fields ||
        !record.happens_alone() || record.engines != engines_of(record.seed, record.number)) {
      continue;
    }
    auto module = ReadFile(FolderOf(slug) + "/case.wasm", wasm::limits::kModuleBytesMax);
    if (!module) continue;
    Finding finding;
    finding.signature = record.signature;
    finding.variant = record.variant;
    finding.verdict = record.verdict;
    finding.explanation = record.explanation;
    finding.suspect = record.suspect;
    finding.engines = record.engines;
    finding.seed = record.seed;
    finding.number = record.number;
    finding.steady = record.steady;
    finding.binaryen_version = record.binaryen_version;
    finding.original_bytes = record.original_bytes;
    finding.without = record.without;
    finding.explained_by = record.explained_by;
    finding.module = *std::move(module);
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace slabhound::campaign
