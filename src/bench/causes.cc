#include "bench/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/guard.h"
#include "bench/processes.h"
#include "campaign/minimization.h"
#include "cause/bugs.h"
#include "cause/json.h"

namespace slabhound::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFileBytesMax = 16u << 20;
constexpr std::string_view kNoFault = "none";

std::string FolderOf(const std::string& folder, const TrialKey& key) {
  return fmt::format("{}/causes/{}-{}-{}", folder, key.fault, key.generator, key.seed);
}

// The text of an engine without its fault. What is no engine of this build stays as it is.
std::string WithoutFault(const std::string& text) {
  auto spec = engine::ParseEngine(text);
  if (!spec) return text;
  spec->slab.fault = heap::Fault::None;
  return engine::EngineText(*spec);
}

bool Write(const std::string& folder, const campaign::MinimizedReport& report) {
  Json json;
  json["bytes"] = report.module.size();
  json["failure"] = report.failure;
  if (report.cause) {
    cause::Key key = *report.cause;
    for (cause::Variant& each : key.variants) each.engine = WithoutFault(each.engine);
    json["cause"] = cause::WriteKey(key);
  }
  // The folder is whole once cause.json is there.
  return MakeFolder(folder) && WriteFile(folder + "/case.wasm", report.module) &&
         WriteFile(folder + "/cause.json", AsBytes(json.dump(1) + "\n"));
}

campaign::MinimizedReport Minimize(const Trial& trial, uint64_t number, double seconds) {
  campaign::MinimizedReport failed;
  const campaign::SharedFlight flight = campaign::MapFlight();
  if (!flight) {
    failed.failure = "no memory";
    return failed;
  }
  const campaign::CaseRun run = trial.Cases();
  const campaign::CaseReport report = campaign::RunCase(run, number, {}, *flight);
  if (!report.is_finding()) {
    failed.failure = "it was no finding again";
    return failed;
  }
  const campaign::MinimizeOrder order = {.signature = report.signature,
                                         .module = report.module,
                                         .number = number,
                                         .suspect = report.suspect};
  campaign::MinimizedReport minimized = campaign::RunMinimize(run, order, seconds, *flight);
  if (minimized.module.empty()) minimized.module = report.module;
  return minimized;
}

// Candidates may kill their process: then nothing is known of the cause.
bool MinimizeAndWrite(const Trial& trial, uint64_t number, double seconds,
                      const std::string& folder) {
  const auto end =
      RunGuarded({}, [&] { return Write(folder, Minimize(trial, number, seconds)) ? 0 : 1; });
  if (!end) return false;
  if (!end->died()) return end->status.code == 0;
  campaign::MinimizedReport failed;
  failed.failure = "its process died";
  return Write(folder, failed);
}

// Detections of faults, at most so many of a fault and a generator.
std::vector<TrialRow> Chosen(std::vector<TrialRow> rows, uint64_t trials_max) {
  std::ranges::sort(rows, {}, &TrialRow::key);
  std::map<std::pair<std::string, std::string>, uint64_t> counts;
  std::erase_if(rows, [&](const TrialRow& row) {
    if (row.result.outcome != Outcome::Detected || row.key.fault == kNoFault) return true;
    return ++counts[{row.key.fault, row.key.generator}] > trials_max;
  });
  return rows;
}

}  // namespace

Result<bool, std::string> MakeCauses(const TrialPlan& plan, const CausePlan& causes,
                                     const std::vector<TrialRow>& rows) {
  std::map<TrialKey, Trial> trials;
  for (Trial& trial : TrialsOf(plan)) trials.emplace(KeyOf(trial), std::move(trial));
  std::vector<Task> tasks;
  for (const TrialRow& row : Chosen(rows, causes.trials_max)) {
    const auto trial = trials.find(row.key);
    const std::string folder = FolderOf(plan.folder, row.key);
    if (trial == trials.end() || std::filesystem::exists(folder + "/cause.json")) continue;
    tasks.emplace_back(
        [&trial = trial->second, number = row.result.end.modules - 1, folder,
         seconds = causes.seconds] { return MinimizeAndWrite(trial, number, seconds, folder); });
  }
  if (!tasks.empty() && plan.log != nullptr) {
    fmt::print(plan.log, "minimizing {} first findings\n", tasks.size());
  }
  return RunTasks(tasks, plan.jobs);
}

Result<std::optional<CauseAgreement>, std::string> AgreementOfCauses(
    const std::string& folder, const std::vector<TrialRow>& rows) {
  std::vector<cause::Symptom> symptoms;
  std::map<std::string, std::string> faults;  // by slug
  for (const TrialRow& row : Chosen(rows, UINT64_MAX)) {
    const std::string path = FolderOf(folder, row.key) + "/cause.json";
    if (!std::filesystem::exists(path)) continue;
    const auto content = ReadFile(path, kFileBytesMax);
    if (!content) return Fail(content.error().message);
    const Json json = Json::parse(content->begin(), content->end(), nullptr, false);
    if (!json.is_object()) return Fail(fmt::format("{}: not JSON", path));
    cause::Symptom symptom = {
        .slug = path, .signature = {.suspect = "slab"}, .key = {}, .count = 1};
    if (json.contains("bytes") && json["bytes"].is_number_unsigned()) {
      symptom.bytes = json["bytes"].get<uint64_t>();
    }
    if (json.contains("cause")) {
      auto key = cause::ReadKey(json["cause"]);
      if (!key) return Fail(fmt::format("{}: {}", path, key.error()));
      symptom.key = *std::move(key);
    }
    faults[path] = row.key.fault;
    symptoms.push_back(std::move(symptom));
  }
  if (symptoms.empty()) return std::optional<CauseAgreement>();
  std::vector<cause::Labelled> items;
  CauseAgreement found;
  for (const cause::Bug& bug : cause::BugsOf(symptoms)) {
    ++found.bugs;
    for (const cause::Member& member : bug.members) {
      items.push_back({bug.representative, faults[member.slug]});
    }
  }
  std::set<std::string> labels;
  for (const cause::Labelled& item : items) labels.insert(item.label);
  found.cases = items.size();
  found.faults = labels.size();
  found.agreement = cause::Measure(items);
  return found;
}

}  // namespace slabhound::bench
