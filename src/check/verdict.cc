#include "check/verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "regression/reproduce.h"

namespace slabhound::check {
namespace {

constexpr size_t kLinesMax = 20;

uint64_t CountFailed(const Report& report) {
  return static_cast<uint64_t>(
      std::ranges::count(report.regressions, RegressionOutcome::Failed, &Regression::outcome));
}

std::string ToDoOfBug(const Bug& bug, const std::string& folder) {
  return fmt::format(
      "look at the worst new bug first: slabhound repro {0}\n"
      "(one that is known already: slabhound findings known {0} --out FILE, and --known FILE)\n",
      regression::ShellWord(folder + "/" + bug.folder));
}

// The first line.
std::string ToDo(const Report& report, const std::string& folder) {
  switch (VerdictOf(report)) {
    case Verdict::NotUsable:
      return fmt::format("look at the engine first: {}\n",
                         report.failure.empty() ? report.silent.front() : report.failure);
    case Verdict::Failed: {
      // The most severe one comes first.
      if (!report.bugs.empty() && report.Counts(report.bugs.front())) {
        return ToDoOfBug(report.bugs.front(), folder);
      }
      const auto file =
          std::ranges::find(report.regressions, RegressionOutcome::Failed, &Regression::outcome);
      return fmt::format("look at the regression first: {}:{}: {}\n", file->file, file->line,
                         file->text);
    }
    case Verdict::Interrupted:
      return "interrupted: run it again to know\n";
    case Verdict::Fine:
      break;
  }
  return fmt::format("nothing to do: no new bug{}\n",
                     report.bugs.empty() ? "" : " at or above the bound");
}

std::string BugLine(const Bug& bug, const std::string& folder) {
  return fmt::format("  {}: {} ({}, {}) in {}/{}\n", cause::SeverityName(bug.severity), bug.name,
                     Plural(bug.cases, "case"), Plural(bug.symptoms, "symptom"), folder,
                     bug.folder);
}

std::string BugsText(const Report& report, const std::string& folder, bool counts) {
  std::string lines;
  uint64_t bugs = 0;
  for (const Bug& bug : report.bugs) {
    if (report.Counts(bug) != counts) continue;
    if (++bugs <= kLinesMax) lines += BugLine(bug, folder);
  }
  if (bugs == 0) return {};
  if (bugs > kLinesMax) lines += fmt::format("  and {} more\n", bugs - kLinesMax);
  return fmt::format(
      "{}{}\n{}", Plural(bugs, "new bug"),
      counts ? "" : fmt::format(" below --fail-on {}", cause::SeverityName(report.fail_on)), lines);
}

std::string RegressionsText(const Report& report) {
  if (report.regressions.empty()) return {};
  std::string lines;
  uint64_t shown = 0;
  for (const Regression& each : report.regressions) {
    if (each.outcome != RegressionOutcome::Failed || ++shown > kLinesMax) continue;
    lines += fmt::format("  {}:{}: {}\n", each.file, each.line, each.text);
  }
  return fmt::format("{} of {} fail\n{}", CountFailed(report),
                     Plural(report.regressions.size(), "run of regression file"), lines);
}

}  // namespace

Verdict VerdictOf(const Report& report) {
  if (!report.failure.empty() || !report.silent.empty()) return Verdict::NotUsable;
  const bool has_bug =
      std::ranges::any_of(report.bugs, [&report](const Bug& each) { return report.Counts(each); });
  if (has_bug || CountFailed(report) > 0) return Verdict::Failed;
  return report.interrupted ? Verdict::Interrupted : Verdict::Fine;
}

std::string VerdictName(Verdict verdict) {
  constexpr const char* kNames[] = {"fine", "failed", "not usable", "interrupted"};
  return kNames[static_cast<size_t>(verdict)];
}

int ExitCode(Verdict verdict) { return static_cast<int>(verdict); }

std::string VerdictText(const Report& report, const std::string& folder) {
  std::string text = ToDo(report, folder);
  text += BugsText(report, folder, /*counts=*/true);
  text += BugsText(report, folder, /*counts=*/false);
  text += RegressionsText(report);
  for (const KnownCount& known : report.known) {
    text +=
        fmt::format("known: {} ({}): {}\n", known.row, Plural(known.cases, "case"), known.reason);
  }
  for (const std::string& line : report.silent)
    text += fmt::format("too few cases ran: {}\n", line);
  if (!report.failure.empty()) text += fmt::format("ended early: {}\n", report.failure);
  text += fmt::format("{}: {} of seed {} on {}; everything is in {}\n",
                      VerdictName(VerdictOf(report)), Plural(report.tally.cases, "module"),
                      report.seed, fmt::join(report.engines, ", "), folder);
  return text;
}

}  // namespace slabhound::check
