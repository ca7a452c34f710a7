#include "join/join.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>

#include "base/file.h"
#include "campaign/store.h"
#include "join/rows.h"
#include "ledger/artifacts.h"
#include "ledger/cases.h"
#include "wasm/limits.h"

namespace slabhound::join {
namespace {

namespace fs = std::filesystem;

using Best = std::map<Identity, const Kept*>;

Best BestOf(const std::vector<Source>& sources) {
  Best best;
  for (const Source& source : sources) {
    for (const auto& [identity, kept] : source.kept()) {
      const Kept*& there = best[identity];
      if (there == nullptr || IsBetter(kept, *there)) there = &kept;
    }
  }
  return best;
}

// The first of that signature with a cause.
const Identity* CauseFor(const Identity& identity, const Best& best) {
  for (auto it = best.lower_bound(identity); it != best.end() && it->first.base == identity.base;
       ++it) {
    if (!it->first.cause.empty()) return &it->first;
  }
  return nullptr;
}

campaign::Json JsonOf(const Identity& identity, const Kept& kept, const Best& best,
                      const Names& names) {
  campaign::Json json = campaign::ReadJson(kept.folder);
  const std::string& name = names.at(identity);
  json["variant"] = name == identity.base ? 1 : std::stoull(name.substr(identity.base.size() + 1));
  json.erase("explained_by");
  if (kept.record.minimized) return json;
  const Identity* other = kept.explained_by ? &*kept.explained_by : CauseFor(identity, best);
  if (other != nullptr) json["explained_by"] = names.at(*other);
  return json;
}

Result<void, FileError> CopyFolder(const std::string& from, const std::string& to,
                                   const campaign::Json& json) {
  TRY(MakeFolder(to));
  std::error_code error;
  for (fs::directory_iterator it(from, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name == "symptoms" || name == "bug.json" || name == "finding.json") continue;
    if (name.ends_with(".part")) continue;
    std::error_code failed;
    fs::copy(it->path(), to + "/" + name, fs::copy_options::recursive, failed);
    if (failed) return Fail(FileErrorOf(to + "/" + name, failed.value()));
  }
  if (error) return Fail(FileErrorOf(from, error.value()));
  return WriteFile(to + "/finding.json", AsBytes(campaign::JsonText(json)));
}

// What is named by its content is the same wherever it is.
Result<void, FileError> CopyArtifacts(const std::set<std::string>& artifacts,
                                      const std::vector<Source>& sources, const std::string& to) {
  for (const std::string& name : artifacts) {
    for (const Source& source : sources) {
      const auto path = ledger::ArtifactPath(source.folder(), name);
      if (!path) continue;
      const auto content = ReadFile(*path, wasm::limits::kModuleBytesMax);
      if (!content) continue;
      TRY_ASSIGN(const std::string written, ledger::WriteArtifact(to, *content));
      if (written == name) break;
    }
  }
  return {};
}

Result<JoinedRows, FileError> Write(const std::vector<Source>& sources, const std::string& to) {
  std::set<Identity> identities;
  for (const Source& source : sources) {
    identities.insert(source.identities().begin(), source.identities().end());
  }
  const Names names = NamesOf(identities);
  TRY(MakeFolder(to));
  TRY_ASSIGN(ledger::Database database, ledger::Database::Open(to, ledger::Access::Write));
  TRY_ASSIGN(JoinedRows rows, JoinRows(database, sources, names));
  TRY(CopyArtifacts(rows.artifacts, sources, to));
  const Best best = BestOf(sources);
  for (const auto& [identity, kept] : best) {
    TRY(CopyFolder(kept->folder, to + "/" + names.at(identity),
                   JsonOf(identity, *kept, best, names)));
  }
  return rows;
}

Result<Joined, FileError> Finish(const std::string& folder) {
  TRY_ASSIGN(campaign::Store store, campaign::Store::Open(folder));
  TRY(store.WriteCounts());
  TRY(store.Arrange());
  Joined joined;
  joined.symptoms = store.symptoms().size();
  joined.bugs = store.list().bugs.size();
  TRY_ASSIGN(const ledger::Database database, ledger::Database::Open(folder, ledger::Access::Read));
  TRY_ASSIGN(const ledger::Cases cases, ledger::ReadCases(database));
  for (const auto& [slug, count] : cases) joined.counted += count;
  return joined;
}

}  // namespace

Result<Joined, std::string> Join(const std::string& out, const std::vector<std::string>& folders) {
  std::error_code ignored;
  if (fs::exists(out, ignored) && !(fs::is_directory(out, ignored) && fs::is_empty(out, ignored))) {
    return Fail(fmt::format("{}: is there already; --out names a new folder", out));
  }
  std::vector<Source> sources;
  for (const std::string& folder : folders) {
    TRY_ASSIGN(Source source, Source::Read(folder));
    sources.push_back(std::move(source));
  }
  std::string target = out;
  while (target.size() > 1 && target.ends_with('/')) target.pop_back();
  const std::string part = fmt::format("{}.{}.part", target, getpid());
  auto rows = Write(sources, part);
  if (!rows) {
    fs::remove_all(part, ignored);
    return Fail(std::move(rows.error().message));
  }
  if (std::rename(part.c_str(), target.c_str()) != 0) {
    const int error = errno;
    fs::remove_all(part, ignored);
    return Fail(fmt::format("{}: {}", target, std::strerror(error)));
  }
  auto joined = Finish(target);
  if (!joined) return Fail(std::move(joined.error().message));
  joined->cases = rows->cases;
  joined->notes = std::move(rows->seen_twice);
  return *std::move(joined);
}

}  // namespace slabhound::join
