#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>

#include "base/file.h"
#include "base/hash.h"
#include "campaign/bug_list.h"
#include "campaign/known_rows.h"
#include "check/folder.h"
#include "check/junit.h"
#include "check/regressions.h"
#include "check/sarif.h"
#include "check/summary.h"
#include "screen/lines.h"

namespace slabhound::check {
namespace {

using campaign::BugList;
using campaign::Record;
using engine::EngineSpec;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// All but the reference.
std::span<const EngineSpec> CheckedEngines(const Options& options) {
  return std::span(options.campaign.engines).subspan(1);
}

bool IsSameProgram(const EngineSpec& a, const EngineSpec& b) {
  return a.kind == b.kind && a.version == b.version && a.command == b.command;
}

// The engine of the check that the suspect, as a case had it, is.
std::string EngineOf(const std::string& suspect, std::span<const EngineSpec> engines) {
  const auto parsed = engine::ParseEngine(suspect);
  const auto found = std::ranges::find_if(engines, [&parsed](const EngineSpec& each) {
    return parsed && IsSameProgram(each, *parsed);
  });
  return engine::EngineText(found == engines.end() ? engines.front() : *found);
}

std::string PrintOf(const std::string& text) { return HashText(HashBytes(AsBytes(text))); }

std::string CausePrintOf(const cause::Key& key) {
  std::string text = fmt::format("{}\n{}", cause::SeverityName(key.severity), key.locus);
  for (const std::string& gram : key.shape.grams) text += "\n" + gram;
  return PrintOf(text);
}

Bug MakeBug(const BugList& list, const cause::Bug& bug, const Options& options) {
  const Record& record = list.symptoms.at(bug.representative);
  Bug made;
  made.severity = bug.severity;
  made.verdict = record.verdict;
  made.name = bug.label.empty() ? record.signature_text : bug.label;
  made.engine = EngineOf(record.suspect, CheckedEngines(options));
  made.cases = bug.count;
  made.symptoms = bug.members.size();
  made.folder = fmt::format("{}/{}", kFindings, bug.representative);
  // What does not decode has no text.
  std::error_code ignored;
  const bool has_text =
      std::filesystem::exists(fmt::format("{}/{}/case.wat", options.out, made.folder), ignored);
  made.case_file = fmt::format("{}/case.{}", made.folder, has_text ? "wat" : "wasm");
  made.explanation = record.explanation;
  made.symptom_print = PrintOf(record.signature.suspect + "\n" + cause::LocusOf(record.signature));
  if (record.cause) made.cause_print = CausePrintOf(*record.cause);
  made.variant = record.variant;
  return made;
}

void TakeBugs(const BugList& list, const Options& options, Report& report) {
  for (const cause::Bug& bug : list.bugs) {
    const Record& record = list.symptoms.at(bug.representative);
    const auto& known = options.campaign.known;
    if (known && !campaign::KnownAs(*known, record, options.campaign.today).empty()) continue;
    report.bugs.push_back(MakeBug(list, bug, options));
  }
  std::ranges::sort(report.bugs, [](const Bug& a, const Bug& b) {
    return std::tie(a.severity, b.cases, a.folder) < std::tie(b.severity, a.cases, b.folder);
  });
}

void TakeKnown(const Options& options, Report& report) {
  if (!options.campaign.known) return;
  for (const avoid::KnownRow& row : *options.campaign.known) {
    const auto met = report.tally.known_met.find(row.name);
    if (met == report.tally.known_met.end()) continue;
    const auto engines = CheckedEngines(options);
    const auto of = std::ranges::find(engines, row.engine, &EngineSpec::kind);
    report.known.push_back({row.name, row.reason,
                            engine::EngineText(of == engines.end() ? engines.front() : *of),
                            met->second});
  }
}

Result<void, std::string> Hunt(const Options& options, Report& report) {
  const std::string log_file = options.out + "/campaign.log";
  const std::unique_ptr<std::FILE, CloseFile> log(std::fopen(log_file.c_str(), "we"));
  if (!log) return Fail(fmt::format("{}: {}", log_file, std::strerror(errno)));
  campaign::Options hunt = options.campaign;
  hunt.out = fmt::format("{}/{}", options.out, kFindings);
  hunt.steady = hunt.modules.has_value() && !hunt.seconds;
  screen::Lines lines([&log](const std::string& line) { fmt::print(log.get(), "{}\n", line); });
  hunt.news = &lines;
  TRY_ASSIGN(campaign::Outcome outcome, campaign::RunCampaign(hunt));
  report.tally = std::move(outcome.tally);
  report.silent = std::move(outcome.silent);
  report.failure = std::move(outcome.failure);
  report.interrupted = outcome.interrupted;
  const auto list = campaign::ReadBugList(hunt.out);
  if (!list) return Fail(list.error().message);
  TakeBugs(*list, options, report);
  TakeKnown(options, report);
  return {};
}

Result<void, std::string> Write(const Options& options, const Report& report) {
  const std::pair<const char*, std::string> files[] = {
      {"junit.xml", JunitText(report)},
      {"slabhound.sarif", SarifText(report, options.version)},
      {"summary.json", SummaryText(report)}};
  for (const auto& [name, text] : files) {
    const auto written = WriteFile(fmt::format("{}/{}", options.out, name), AsBytes(text));
    if (!written) return Fail(written.error().message);
  }
  return {};
}

}  // namespace

Result<Report, std::string> RunCheck(const Options& options) {
  TRY(MakeCheckFolder(options.out));
  Report report;
  report.seed = options.campaign.seed;
  report.fail_on = options.fail_on;
  for (const EngineSpec& each : CheckedEngines(options)) {
    report.engines.push_back(engine::EngineText(each));
  }
  TRY_ASSIGN(report.regressions,
             RunRegressions(options.regressions, CheckedEngines(options),
                            std::make_shared<worker::Pool>(options.campaign.worker_limits)));
  TRY(Hunt(options, report));
  TRY(Write(options, report));
  return report;
}

}  // namespace slabhound::check
