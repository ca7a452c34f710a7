#include "join/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <tuple>

#include "base/file.h"
#include "campaign/layout.h"
#include "campaign/overrides.h"
#include "cause/json.h"

namespace slabhound::join {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFileBytesMax = 64u << 20;

auto Rank(const Kept& kept) {
  const campaign::Record& record = kept.record;
  // No module at all is the last.
  const bool is_empty = record.bytes == 0;
  const auto start = campaign::StartOf(record.steady ? record : campaign::Record());
  return std::tuple(!record.minimized, !record.steady, is_empty, start, record.history,
                    record.bytes);
}

// All that it says but for what its store and its place give it.
std::string JsonOf(const Kept& kept) {
  campaign::Json json = campaign::ReadJson(kept.folder);
  for (const char* name : {"count", "variant", "reproduce", "explained_by"}) json.erase(name);
  if (kept.explained_by) json["explained_by"] = {kept.explained_by->base, kept.explained_by->cause};
  return campaign::JsonText(json);
}

// The module first, then the rest by name.
std::vector<std::string> Contents(const Kept& kept) {
  std::vector<std::string> paths;
  std::error_code ignored;
  for (fs::recursive_directory_iterator it(kept.folder, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const std::string path = fs::relative(it->path(), kept.folder, ignored).string();
    if (!it->is_regular_file(ignored) || path == "finding.json" || path == "bug.json" ||
        path.starts_with("symptoms/")) {
      continue;
    }
    paths.push_back(path);
  }
  std::ranges::sort(paths, {},
                    [](const std::string& path) { return std::pair(path != "case.wasm", path); });
  std::vector<std::string> contents;
  for (const std::string& path : paths) {
    const auto content = ReadFile(kept.folder + "/" + path, kFileBytesMax);
    contents.push_back(content ? std::string(AsText(*content)) : std::string());
    contents.push_back(path);
  }
  contents.push_back(JsonOf(kept));
  return contents;
}

std::string CauseOf(const campaign::Record& record) {
  return record.cause && !record.steady ? cause::WriteKey(*record.cause).dump() : std::string();
}

}  // namespace

bool IsBetter(const Kept& a, const Kept& b) {
  if (Rank(a) != Rank(b)) return Rank(a) < Rank(b);
  return Contents(a) < Contents(b);
}

Identity Source::Of(const std::string& slug) const {
  const auto found = by_slug_.find(slug);
  return found == by_slug_.end() ? Identity{BaseOf(slug), {}} : found->second;
}

Result<Source, std::string> Source::Read(const std::string& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    return Fail(fmt::format("{}: no such folder; a campaign's --out names one", folder));
  }
  Source source(folder);
  if (ledger::Database::IsIn(folder)) {
    auto database = ledger::Database::Open(folder, ledger::Access::Read);
    if (!database) return Fail(std::move(database.error().message));
    source.database_ = *std::move(database);
  }
  auto said = campaign::ReadOverridesFile(folder);
  if (!said) return Fail(std::move(said.error().message));
  source.said_ = *std::move(said);
  TRY(source.ReadFolders());
  TRY(source.ReadSlugs());
  return source;
}

Result<void, std::string> Source::ReadFolders() {
  const auto places = campaign::FindPlaces(folder_);
  if (!places) return Fail(places.error().message);
  for (const auto& [slug, bug] : *places) {
    const std::string path = campaign::PathOf(folder_, slug, bug);
    auto record = campaign::ReadRecord(path, slug);
    if (!record) {
      return Fail(fmt::format(
          "{}: its finding.json cannot be read, or is of a later Slabhound; mend it or take the "
          "folder away",
          path));
    }
    Identity identity{BaseOf(slug), CauseOf(*record)};
    by_slug_[slug] = identity;
    identities_.insert(identity);
    Kept kept{path, *std::move(record)};
    const auto there = kept_.find(identity);
    if (there == kept_.end() || IsBetter(kept, there->second)) {
      kept_.insert_or_assign(std::move(identity), std::move(kept));
    }
  }
  for (auto& [identity, kept] : kept_) {
    const std::string& slug = kept.record.explained_by;
    if (slug.empty() || kept.record.minimized) continue;
    Identity other = Of(slug);
    if (other.base != identity.base) kept.explained_by = std::move(other);
  }
  return {};
}

Result<void, std::string> Source::ReadSlugs() {
  const auto take = [this](const std::string& slug) {
    if (!slug.empty()) identities_.insert(Of(slug));
  };
  for (const ledger::Said& each : said_) {
    take(each.slug);
    take(each.other);
  }
  for (const auto& [identity, kept] : kept_) {
    if (kept.explained_by) identities_.insert(*kept.explained_by);
  }
  if (!database_) return {};
  const auto read = database_->Look([&take](SQLite::Database& connection) {
    SQLite::Statement slugs(connection,
                            "SELECT slug FROM symptoms UNION SELECT slug FROM said UNION SELECT "
                            "other FROM said UNION SELECT slug FROM events UNION SELECT slug FROM "
                            "builds");
    while (slugs.executeStep()) take(slugs.getColumn(0).getString());
  });
  if (!read) return Fail(read.error().message);
  return {};
}

}  // namespace slabhound::join
