// A campaign's folder for tests and for looking at the page: bugs with symptoms, a database, texts
// that hold HTML. The same numbers give the same folder, but for its times, which end now.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/file.h"
#include "campaign/finding_json.h"
#include "ledger/ledger.h"
#include "ledger/said.h"

namespace slabhound::page {

// That bug's case is not minimized, so it has one symptom.
inline constexpr uint64_t kUnminimized = 3;

struct Example {
  uint64_t bugs = 12, symptoms = 30, findings = 400;
  bool has_database = true;
};

inline constexpr std::string_view kHostile =
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">";

inline constexpr const char* kExampleConfiguration =
    R"({"engines":["oracle","wasmtime@31.0.0","slab:drawn-1"],"fault":"none","budgets":{}})";

inline int64_t ExampleNowMs() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

// Those of two bugs have little in common.
inline cause::Shape ShapeOf(uint64_t bug) {
  cause::Shape shape;
  shape.grams.emplace_back("struct.new");
  for (int i = 0; i < 9; ++i) shape.grams.push_back(fmt::format("w{}.{}", bug, i));
  return shape;
}

inline campaign::Finding ExampleFinding(uint64_t bug, uint64_t symptom) {
  constexpr std::string_view kMessages[] = {"id from different slab", "invalid `VMGcKind`: N",
                                            "crash: SIGILL", "slot is free", "index out of range"};
  constexpr cause::Severity kSeverities[] = {
      cause::Severity::MemoryCorruption, cause::Severity::WrongValue, cause::Severity::Hang,
      cause::Severity::WrongValue,       cause::Severity::Leak,       cause::Severity::TrapMismatch,
      cause::Severity::Refusal};
  campaign::Finding finding;
  finding.signature.kind = diff::FindingKind::Failure;
  finding.signature.suspect = "wasmtime";
  finding.signature.failure = trace::FailureKind::Panic;
  finding.signature.message =
      fmt::format("{} at {}.{}", bug == 1 ? kHostile : kMessages[bug % 5], bug, symptom);
  finding.verdict = "panic";
  finding.explanation =
      fmt::format("oracle has \"f{0}\": returns i32 0\nwasmtime@31.0.0 has \"f{0}\": panics: {1}",
                  symptom, finding.signature.message);
  finding.suspect = "wasmtime@31.0.0:points=0,straight=none,collections=4";
  finding.engines = {"oracle", finding.suspect};
  finding.seed = 7;
  finding.number = bug * 131 + symptom;
  finding.binaryen_version = "132.0.0";
  finding.minimized = bug != kUnminimized;
  finding.original_bytes = 1200 + bug;
  finding.recurrence.tries = 10;
  finding.recurrence.seen = bug % 3 == 0 ? 10 : static_cast<uint32_t>(bug % 10 + 1) % 10;
  finding.module = Bytes(80 + bug % 300);
  finding.regression = finding.recurrence.seen == 10 ? "(module)" : "";
  if (finding.minimized) {
    finding.ingredients = {"array.new_default", "struct.get", "struct.new"};
    finding.cause =
        cause::Key{{{"wasmtime@31.0.0", cause::Cell::Fail},
                    {"wasmtime@30.0.0", cause::Cell::Pass},
                    {"wasmtime@43.0.0", bug % 2 ? cause::Cell::Fail : cause::Cell::Pass},
                    {"wasmtime@50.0.1", cause::Cell::Pass},
                    {"wasmtime@31.0.0:gc=none", cause::Cell::NotAble}},
                   ShapeOf(bug),
                   kSeverities[bug % 7],
                   "panic: id from different slab"};
  }
  return finding;
}

class ExampleFolder {
 public:
  ExampleFolder(std::string folder, const Example& example)
      : folder_(std::move(folder)), example_(example) {
    for (uint64_t bug = 0; bug < example_.bugs; ++bug) WriteBug(bug);
    if (example_.has_database) WriteDatabase();
  }

  std::string SlugAt(uint64_t bug, uint64_t symptom = 0) const {
    return campaign::SlugOf(ExampleFinding(bug, symptom));
  }

 private:
  uint64_t SymptomsOf(uint64_t bug) const {
    if (bug == kUnminimized) return 1;
    const uint64_t more = example_.symptoms > example_.bugs ? example_.symptoms - example_.bugs : 0;
    const uint64_t others = example_.bugs - (example_.bugs > kUnminimized ? 1 : 0);
    const uint64_t place = bug - (bug > kUnminimized ? 1 : 0);
    return 1 + more / others + (place < more % others ? 1 : 0);
  }
  uint64_t CountOf(uint64_t bug) const {
    return example_.findings / example_.bugs + (bug < example_.findings % example_.bugs ? 1 : 0);
  }

  void Write(const std::string& path, std::string_view text) {
    CHECK(WriteFile(path, AsBytes(text)).has_value());
  }

  void WriteBug(uint64_t bug) {
    const std::string path = folder_ + "/" + SlugAt(bug);
    campaign::Json told = campaign::Json::array();
    uint64_t total = 0;
    for (uint64_t i = 0; i < SymptomsOf(bug); ++i) {
      const campaign::Finding finding = ExampleFinding(bug, i);
      const std::string slug = campaign::SlugOf(finding);
      const std::string own = i == 0 ? path : path + "/symptoms/" + slug;
      const uint64_t count = i == 0 ? CountOf(bug) - SymptomsOf(bug) + 1 : 1;
      total += count;
      cases_.insert(cases_.end(), count, {bug, i});
      CHECK(MakeFolder(own).has_value());
      Write(own + "/finding.json", campaign::JsonText(campaign::ToJson(finding, own, count)));
      Write(own + "/case.wasm", AsText(finding.module));
      Write(own + "/case.wat",
            fmt::format(";; {}\n(module\n  (type $s (struct (field i32)))\n  (func $f{} (export "
                        "\"f\") (result i32)\n    (struct.get $s 0 (struct.new $s (i32.const "
                        "{})))))\n",
                        bug == 1 ? kHostile : "a case", i, bug));
      if (!finding.regression.empty()) Write(own + "/regression.wast", finding.regression);
      told.push_back({{"slug", slug}, {"count", count}});
      if (i > 0) told.back()["merged"] = "same vector, shape distance 0.10";
    }
    campaign::Json json = {{"format", 3}, {"count", total}, {"symptoms", told}};
    if (bug == 1) json["label"] = kHostile;
    Write(path + "/bug.json", campaign::JsonText(json));
  }

  void WriteDatabase() {
    auto ledger = ledger::Ledger::Open(folder_);
    CHECK(ledger.has_value());
    constexpr int64_t kSpanMs = 3 * 24 * 3'600'000;
    constexpr uint64_t kBatches = 200;
    const int64_t start = ExampleNowMs() - kSpanMs;
    CHECK(
        ledger->Begin({7, kExampleConfiguration}, {"example", "0/1", "0.1.0", start}).has_value());
    for (uint64_t i = 0; i < kBatches; ++i) {
      const uint64_t cases = 2'000'000 / kBatches;
      const auto at = static_cast<int64_t>(i + 1) * (kSpanMs / static_cast<int64_t>(kBatches));
      ledger::Batch batch;
      batch.at_ms = start + at;
      batch.seconds = static_cast<double>(at) / 1000;
      batch.cpu_seconds = batch.seconds * 1.8;
      batch.done = {{i * cases, (i + 1) * cases}};
      AddCounters(cases, batch.counters);
      AddFound(i, kBatches, cases, batch);
      const uint64_t grown = example_.bugs * (i + 1) / kBatches;
      batch.growth = {(i + 1) * cases, example_.findings * (i + 1) / kBatches,
                      example_.symptoms * (i + 1) / kBatches, grown};
      if (i + 1 == kBatches) {
        AddReached(batch);
        batch.now =
            R"({"modules_per_second":7.9,"seconds_left":null,"to_minimize":3,"jobs_started":41,)"
            R"("workers_started":208,"jobs":[{"doing":"cases","what":"run on wasmtime@31.0.0",)"
            R"("number":1999812,"seconds":0.1,"bytes":88000000},{"doing":"minimizing",)"
            R"("what":"wasmtime panic: id from different slab","number":131,"seconds":12.5,)"
            R"("bytes":91000000}]})";
      }
      CHECK(ledger->Add(batch).has_value());
    }
    auto database = ledger::Database::Open(folder_, ledger::Access::Write);
    CHECK(database.has_value());
    const auto said =
        ledger::Say(*database, {{ExampleNowMs(), "known", SlugAt(2), "", "fixed in 44"},
                                {ExampleNowMs(), "label", SlugAt(1), "", std::string(kHostile)}});
    CHECK(said.has_value());
  }

  void AddFound(uint64_t batch_at, uint64_t batches, uint64_t cases, ledger::Batch& batch) {
    const uint64_t first = example_.findings * batch_at / batches;
    const uint64_t past = example_.findings * (batch_at + 1) / batches;
    for (uint64_t i = first; i < past; ++i) {
      const auto [bug, symptom] = cases_[i * kStride % cases_.size()];
      batch.found.push_back({batch_at * cases + i - first, SlugAt(bug, symptom), ""});
      if (i % 40 == 0) {
        batch.events.push_back({i % 80 == 0 ? "found" : "minimized", SlugAt(bug),
                                diff::SignatureText(ExampleFinding(bug, 0).signature)});
      }
    }
  }

  static void AddCounters(uint64_t cases, ledger::Counters& counters) {
    const auto add = [&](const char* scope, const char* name, uint64_t value) {
      counters[{scope, name}] = value;
    };
    add("cases", "cases", cases);
    add("cases", "poisoned", cases * 42 / 100);
    add("cases", "agree", cases * 55 / 100);
    add("cases", "findings", cases / 200);
    add("cases", "rejected", cases / 90);
    add("ran out", "fuel", cases * 31 / 100);
    add("ran out", "depth", cases * 6 / 100);
    add("ran out", "large", cases / 100);
    add("needs", "i8x16.shuffle", cases / 120);
    add("needs", "f32x4.add", cases / 300);
    add("rejected", "an import of a memory that is too large", cases / 100);
    add("rejected", "atomics", cases / 900);
    add("cpu ns", "generate", cases * 2'100'000);
    add("cpu ns", "judge", cases * 9'400'000);
    for (const char* place : {"1", "2"}) add("asked", place, cases);
    add("not run", "1", cases / 700);
    add("refused", "1", cases / 90);
    add("configuration", "copying", cases / 3);
    add("configuration", "mark_sweep", cases / 3);
    add("configuration", "generational", cases / 3);
  }

  static void AddReached(ledger::Batch& batch) {
    constexpr std::string_view kInstructions[] = {"struct.new", "struct.get", "array.new",
                                                  "array.get",  "ref.test",   "br_on_cast",
                                                  "local.get",  "table.set",  "call_ref"};
    constexpr std::string_view kTypes[] = {"struct of numbers",
                                           "struct of references",
                                           "array of i32",
                                           "array of references",
                                           "any",
                                           "i31"};
    constexpr std::string_view kStates[] = {"generated", "ran", "fresh", "collected", "reused"};
    uint64_t draw = 1;
    for (const std::string_view instruction : kInstructions) {
      for (const std::string_view type : kTypes) {
        for (const std::string_view state : kStates) {
          draw = draw * 6364136223846793005u + 1442695040888963407u;
          if ((draw >> 60) < 5) continue;
          batch.reached.push_back({std::string(instruction), std::string(type), std::string(state),
                                   uint64_t{1} << (draw >> 58) % 17});
        }
      }
    }
  }

  // So that cases of one symptom are found at all times.
  static constexpr uint64_t kStride = 7919;

  std::string folder_;
  Example example_;
  std::vector<std::pair<uint64_t, uint64_t>> cases_;  // the bug and symptom of each
};

}  // namespace slabhound::page
