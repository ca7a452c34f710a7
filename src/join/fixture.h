// For tests of this room: stores that are drawn, and all that a store says as text.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/rng.h"
#include "campaign/store.h"
#include "ledger/artifacts.h"
#include "ledger/ledger.h"
#include "ledger/said.h"

namespace slabhound::join {

inline diff::Signature SignatureOf(uint64_t i) {
  diff::Signature signature;
  signature.kind = diff::FindingKind::Failure;
  signature.suspect = "slab";
  signature.failure = trace::FailureKind::Panic;
  signature.message = i == 0 ? "stale id" : i == 1 ? "id from different slab" : "bad header";
  return signature;
}

// Draws stores whose runs, cases and symptoms may be those of others.
class StoreDraw {
 public:
  explicit StoreDraw(uint64_t seed) : rng_(seed) {}

  void Make(const std::string& folder) {
    auto store = campaign::Store::Open(folder);
    ASSERT_TRUE(store.has_value());
    slugs_ = {"known:row", "gone-0123456789ab-2"};
    for (uint64_t signature = 0; signature < 3; ++signature) OfferSome(*store, signature);
    ASSERT_TRUE(store->Arrange().has_value());
    for (const char* run : {"run a", "run b", "run c"}) {
      if (!rng_.OneIn(3)) Run(folder, run);
    }
    auto database = ledger::Database::Open(folder, ledger::Access::Write);
    ASSERT_TRUE(database.has_value());
    std::vector<ledger::Said> said;
    for (uint64_t i = rng_.Below(3); i > 0; --i) {
      said.push_back({Small(), "label", Slug(), {}, std::to_string(Small())});
      said.push_back({Small(), "merge", Slug(), Slug(), {}});
    }
    ASSERT_TRUE(ledger::Say(*database, said).has_value());
    ASSERT_TRUE(store->Arrange().has_value());
  }

 private:
  int64_t Small() { return static_cast<int64_t>(rng_.Below(4)); }
  std::string Slug() { return slugs_[rng_.Below(slugs_.size())]; }

  // Causes of one signature, numbered as they come; the first may not be known.
  void OfferSome(campaign::Store& store, uint64_t signature) {
    const uint64_t count = rng_.Below(4), first = rng_.Below(3);
    for (uint64_t i = 0; i < count; ++i) {
      campaign::Finding finding;
      finding.signature = SignatureOf(signature);
      finding.variant = static_cast<uint32_t>(i + 1);
      finding.verdict = "panic";
      finding.suspect = "slab:mark_sweep:explicit";
      finding.engines = {"oracle", finding.suspect};
      finding.number = rng_.Below(8);
      finding.minimized = i > 0 || !rng_.OneIn(2);
      finding.steady = rng_.OneIn(3);
      finding.original_bytes = rng_.Below(3);
      finding.module = {0, 'a', 's', 'm', 1, 0, 0, 0};
      for (uint64_t more = rng_.Below(3); more > 0; --more) {
        finding.module.insert(finding.module.end(), {0, 2, 0, static_cast<uint8_t>(Small())});
      }
      if (finding.minimized) {
        cause::Key key;
        key.locus = "cause " + std::to_string((first + i) % 3);
        finding.cause = key;
      } else if (rng_.OneIn(2)) {
        finding.explained_by = Slug();
      }
      ASSERT_TRUE(store.Offer(finding).has_value());
      slugs_.push_back(campaign::SlugOf(finding));
    }
  }

  void Run(const std::string& folder, const std::string& name) {
    auto ledger = ledger::Ledger::Open(folder);
    ASSERT_TRUE(ledger.has_value());
    const uint64_t seed = name == "run c" ? 2 : 1;
    ASSERT_TRUE(ledger->Begin({seed, "{}"}, {name, "0/1", "1", 5}).has_value());
    ledger::Batch batch;
    batch.at_ms = Small();
    batch.seconds = static_cast<double>(Small());
    const uint64_t first = rng_.Below(20);
    batch.done = {{first, first + 1 + rng_.Below(20)}};
    batch.counters = {{{"cases", "agree"}, rng_.Below(5)}};
    const std::map<uint64_t, int> numbers = {{rng_.Below(5), 0}, {5 + rng_.Below(5), 0}};
    // Another run of the series may have found it: a case has one row.
    for (const auto& [number, unused] : numbers) {
      if (!found_in_.insert({folder, seed, number}).second) continue;
      const auto artifact =
          ledger::WriteArtifact(folder, Bytes{static_cast<uint8_t>(rng_.Below(3))});
      ASSERT_TRUE(artifact.has_value());
      batch.found.push_back({number, Slug(), rng_.OneIn(2) ? *artifact : std::string()});
    }
    batch.events = {{"found", Slug(), std::to_string(Small())}, {"pause", {}, "for room"}};
    batch.growth = ledger::Growth{rng_.Below(5), rng_.Below(5), 1, 1};
    batch.now = "{}";
    batch.reached = {{"struct.new", "struct of numbers", "ran", 1 + rng_.Below(5)}};
    ASSERT_TRUE(ledger->Add(batch).has_value());
    if (rng_.OneIn(2)) {
      ASSERT_TRUE(ledger->End("done").has_value());
    }
  }

  Rng rng_;
  std::vector<std::string> slugs_;
  std::set<std::tuple<std::string, uint64_t, uint64_t>> found_in_;
};

// Each table, ids told by what they name. A test holds the list against the schema.
inline const std::map<std::string, std::string>& TableQueries() {
  static const std::map<std::string, std::string> queries = {
      {"series", "SELECT key, seed, configuration FROM series"},
      {"runs",
       "SELECT name, key, shard, version, started_ms, seen_ms, seconds, cpu_seconds, ended FROM "
       "runs JOIN series ON series = series.id"},
      {"done", "SELECT name, first, past FROM done JOIN runs ON run = id"},
      {"counters",
       "SELECT runs.name, hour, scope, counters.name, value FROM counters JOIN runs ON run = id"},
      {"symptoms", "SELECT slug, before FROM symptoms"},
      {"findings",
       "SELECT key, number, slug, name, at_ms, artifact FROM findings JOIN symptoms ON symptom = "
       "symptoms.id JOIN runs ON run = runs.id JOIN series ON findings.series = series.id"},
      {"bugs", "SELECT slug, place, severity, label FROM bugs"},
      {"members",
       "SELECT slug, bug, why, signature, suspect, minimized, bytes, reproduced FROM members"},
      {"variants", "SELECT slug, place, name, outcome FROM variants"},
      {"said", "SELECT id, at_ms, verb, slug, other, text FROM said"},
      {"events", "SELECT name, at_ms, kind, slug, text FROM events JOIN runs ON run = runs.id"},
      {"growth",
       "SELECT name, at_ms, cases, findings, symptoms, bugs FROM growth JOIN runs ON run "
       "= id"},
      {"now", "SELECT name, at_ms, snapshot FROM now JOIN runs ON run = id"},
      {"builds", "SELECT slug, engine, build, at_ms, outcome, seen, tries FROM builds"},
      {"reach", "SELECT name, instruction, type, state, cases FROM reach JOIN runs ON run = id"},
  };
  return queries;
}

inline void AddTables(const std::string& folder, std::vector<std::string>& lines) {
  const auto database = ledger::Database::Open(folder, ledger::Access::Read);
  ASSERT_TRUE(database.has_value());
  const auto read = database->Look([&lines](SQLite::Database& connection) {
    for (const auto& [table, query] : TableQueries()) {
      SQLite::Statement rows(connection, query);
      while (rows.executeStep()) {
        std::string line = table;
        for (int i = 0; i < rows.getColumnCount(); ++i) {
          line += " | " + rows.getColumn(i).getString();
        }
        lines.push_back(std::move(line));
      }
    }
  });
  ASSERT_TRUE(read.has_value()) << read.error().message;
}

// All of it, but for where it is.
inline std::vector<std::string> Told(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> lines;
  AddTables(folder, lines);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = fs::relative(entry.path(), folder).string();
    if (!entry.is_regular_file() || path.starts_with("campaign.")) continue;
    const auto content = ReadFile(entry.path().string(), 1u << 20);
    EXPECT_TRUE(content.has_value()) << path;
    std::string text(content ? AsText(*content) : std::string_view());
    for (size_t at; (at = text.find(folder)) != std::string::npos;) {
      text.replace(at, folder.size(), "DIR");
    }
    lines.push_back(path + ": " + text);
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace slabhound::join
