// A user's known rows hold as those of known.def do, and a file that is none is told by its line.
#include "avoid/known_file.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace slabhound::avoid {
namespace {

KnownRow FullRow() {
  return {.name = "stale",
          .engine = engine::EngineKind::Wasmtime,
          .first_version = "31.0.0",
          .last_version = "43.0.0",
          .shows = Shows::Panic,
          .message = "id from different",
          .fails = {"wasmtime@31.0.0", "wasmtime@32.0.0:opt=speed"},
          .passes = {"wasmtime@45.0.0"},
          .shape = {"struct.get", "array.copy 0"},
          .needs = {"array.copy"},
          .expires = "2030-01-01",
          .reference = "https://example.org/1",
          .reason = "a stale # reference"};
}

TEST(KnownFile, RowsRoundTrip) {
  KnownRow plain{.name = "b", .engine = engine::EngineKind::V8, .shows = Shows::OutOfMemory};
  plain.message = "m";
  plain.expires = "2030-01-01";
  KnownRow own = plain;
  own.name = "c";
  own.engine = engine::EngineKind::Worker;
  const std::vector<KnownRow> rows = {FullRow(), plain, own};
  std::string text = "# mine\n";
  for (const KnownRow& row : rows) text += KnownRowText(row) + "\n";
  const auto read = ParseKnownRows(text, "f");
  ASSERT_TRUE(read.has_value()) << read.error();
  EXPECT_EQ(*read, rows);
}

TEST(KnownFile, ARowWithoutACauseHoldsForItsEngineVersionMessageAndDays) {
  KnownRow row = FullRow();
  row.fails = row.passes = row.shape = {};
  const engine::EngineSpec wasmtime = *engine::ParseEngine("wasmtime@31.0.0");
  const Symptom symptom{Shows::Panic, "id from different slab", ""};
  const auto found = [&](const KnownRow& each, std::string_view version, std::string_view today,
                         const Symptom& shown) {
    return FindKnown({each}, wasmtime, version, shown, today) != nullptr;
  };
  EXPECT_TRUE(found(row, "31.0.0", "2029-01-01", symptom));
  EXPECT_FALSE(found(row, "44.0.0", "2029-01-01", symptom));
  EXPECT_FALSE(found(row, "31.0.0", "2030-01-01", symptom));
  EXPECT_FALSE(found(row, "31.0.0", "2029-01-01", {Shows::Crash, "id from different slab", ""}));
  EXPECT_FALSE(found(row, "31.0.0", "2029-01-01", {Shows::Panic, "other", ""}));
  EXPECT_FALSE(found(FullRow(), "31.0.0", "2029-01-01", symptom));
}

TEST(KnownFile, ErrorsNameTheLine) {
  for (const auto& [text, line] :
       {std::pair("known a\nengine v8\n", "f:1: "), std::pair("\n\nshows panic\n", "f:3: "),
        std::pair("known a\nversions 1\n", "f:2: "),
        std::pair("known endive-vector-field\n", "f:1: "),
        std::pair("known a\nreason\n", "f:2: ")}) {
    const auto read = ParseKnownRows(text, "f");
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_TRUE(read.error().starts_with(line)) << read.error();
  }
}

TEST(KnownFile, ReadingIsTotal) {
  const std::string text = KnownRowText(FullRow());
  Rng rng(1);
  for (int i = 0; i < 5'000; ++i) {
    std::string damaged = text;
    damaged[rng.Below(damaged.size())] = static_cast<char>(rng.Next());
    static_cast<void>(ParseKnownRows(damaged, "f"));
  }
}

}  // namespace
}  // namespace slabhound::avoid
