#include "campaign/tally.h"

#include <fmt/format.h>

#include <algorithm>

#include "avoid/known.h"

namespace slabhound::campaign {
namespace {

double Percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

double Milliseconds(uint64_t ns, uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(ns) / 1e6 / static_cast<double>(count);
}

std::string Reasons(const std::map<std::string, uint64_t>& reasons) {
  std::string text;
  for (const auto& [reason, count] : reasons) text += fmt::format("  {:>9}  {}\n", count, reason);
  return text;
}

std::string InBugs(std::span<const BugCounts> bugs) {
  size_t symptoms = 0;
  for (const BugCounts& bug : bugs) symptoms += bug.symptoms;
  return fmt::format("in {} {} ({} {})", bugs.size(), bugs.size() == 1 ? "bug" : "bugs", symptoms,
                     symptoms == 1 ? "symptom" : "symptoms");
}

}  // namespace

void Tally::Count(const CaseReport& report) {
  generate_ns += report.generate_ns;
  judge_ns += report.judge_ns;
  fuel += report.fuel_exhausted;
  depth += report.depth_exhausted;
  large += report.size_exhausted;
  for (const std::string& name : report.known) ++known_met[name];
  for (const std::string& name : report.avoided) ++known_avoided[name];
  for (const uint64_t engine : report.asked) ++engines[engine].asked;
  for (const uint64_t engine : report.not_run) ++engines[engine].not_run;
  for (const uint64_t engine : report.refused) ++engines[engine].refused;
  for (const std::string& what : report.needs) ++needs[what];
  switch (report.verdict) {
    case diff::VerdictKind::Agree:
      ++agree;
      break;
    case diff::VerdictKind::Poisoned:
      ++poisoned;
      break;
    case diff::VerdictKind::Known:
      ++known;
      break;
    case diff::VerdictKind::Rejected:
      ++rejected;
      ++rejections[report.reason];
      break;
    case diff::VerdictKind::Diverge:
    case diff::VerdictKind::Panic:
      return CountFinding(diff::SignatureText(report.signature));
  }
  ++cases;
}

void Tally::CountDeath(DeathKind kind, const std::string& reason) {
  switch (kind) {
    case DeathKind::Finding:
      return CountFinding(reason);
    case DeathKind::GeneratorCrash:
      ++generator_crashes;
      ++generator_reasons[reason];
      break;
    case DeathKind::Killed:
      ++killed;
      ++killed_reasons[reason];
      break;
  }
  ++cases;
}

void Tally::CountFinding(const std::string& signature) {
  ++cases;
  ++findings;
  ++buckets[signature];
}

void Tally::TakeKnown(const std::string& row, uint64_t count) {
  findings -= count;
  known += count;
  known_met[row] += count;
}

std::string StatusText(const Tally& tally, std::span<const BugCounts> bugs, double per_second) {
  return fmt::format(
      "{} modules, {:.0f}/s, poisoned {:.1f} %, rejected {:.2f} %, generator crashes {}, "
      "findings {} {}",
      tally.cases, per_second, Percent(tally.poisoned, tally.cases),
      Percent(tally.rejected, tally.cases), tally.generator_crashes, tally.findings, InBugs(bugs));
}

std::string SummaryText(const Tally& tally, std::span<const BugCounts> bugs, double seconds,
                        double cpu_seconds, unsigned jobs) {
  const auto cpu = static_cast<uint64_t>(cpu_seconds * 1e9);
  std::string text = fmt::format(
      "modules           {:>9}  in {:.1f} s with {} {}: {:.0f}/s, {:.0f}/s per CPU second\n"
      "CPU per module    {:>6.2f} ms  of all processes; of a job generation {:.2f} ms ({:.0f} %), "
      "execution and comparison {:.2f} ms\n"
      "agree             {:>9}\n"
      "poisoned          {:>9}  {:.1f} %: compared until a heap or a limit of an engine ran out\n"
      "known             {:>9}  differ as known rows explain, and in nothing else\n"
      "rejected          {:>9}  {:.2f} %\n",
      tally.cases, seconds, jobs, jobs == 1 ? "job" : "jobs",
      seconds > 0 ? static_cast<double>(tally.cases) / seconds : 0,
      cpu == 0 ? 0 : static_cast<double>(tally.cases) * 1e9 / static_cast<double>(cpu),
      Milliseconds(cpu, tally.cases), Milliseconds(tally.generate_ns, tally.cases),
      Percent(tally.generate_ns, cpu), Milliseconds(tally.judge_ns, tally.cases), tally.agree,
      tally.poisoned, Percent(tally.poisoned, tally.cases), tally.known, tally.rejected,
      Percent(tally.rejected, tally.cases));
  text += Reasons(tally.rejections);
  text += fmt::format(
      "budgets           {:>9}  cases with a call out of fuel, {} out of call depth, {} at an "
      "object "
      "too large: at the same event everywhere, so compared all the same\n",
      tally.fuel, tally.depth, tally.large);
  if (!tally.needs.empty()) {
    text +=
        "needs                        cases that came to an instruction that no engine of this "
        "process runs\n" +
        Reasons(tally.needs);
  }
  text += fmt::format("generator crashes {:>9}\n", tally.generator_crashes);
  text += Reasons(tally.generator_reasons);
  text += fmt::format("killed            {:>9}\n", tally.killed);
  text += Reasons(tally.killed_reasons);
  text += fmt::format("findings          {:>9}  {}{}\n", tally.findings, InBugs(bugs),
                      bugs.size() > 1 ? ", most severe first" : "");
  for (const BugCounts& bug : bugs) {
    text += fmt::format("  {:>9}  {}{}: {}", bug.cases, bug.came_back ? "CAME BACK, " : "",
                        cause::SeverityName(bug.severity), bug.name);
    text += bug.symptoms > 1 ? fmt::format(" ({} symptoms)\n", bug.symptoms) : "\n";
  }
  return text;
}

std::vector<std::string> SilentEngines(const Tally& tally,
                                       std::span<const engine::EngineSpec> engines) {
  std::vector<std::string> lines;
  for (const auto& [place, counts] : tally.engines) {
    if (place >= engines.size() || !counts.is_silent()) continue;
    lines.push_back(fmt::format(
        "{} ran {} of {} cases: {} not run, {} refused", engine::EngineText(engines[place]),
        counts.asked - std::min(counts.asked, counts.not_run + counts.refused), counts.asked,
        counts.not_run, counts.refused));
  }
  return lines;
}

std::string KnownText(const Tally& tally, std::span<const engine::EngineSpec> engines,
                      std::string_view today, const std::vector<avoid::KnownRow>& rows) {
  constexpr uint64_t kCasesMin = 1'000;  // fewer say nothing about an entry
  const auto count = [](const std::map<std::string, uint64_t>& counts, std::string_view name) {
    const auto found = counts.find(std::string(name));
    return found == counts.end() ? 0 : found->second;
  };
  std::string text;
  for (const avoid::KnownEntry& entry : avoid::KnownEntries()) {
    const auto about = [&](const engine::EngineSpec& engine) {
      return avoid::IsAbout(entry, engine, engine.version);
    };
    if (std::ranges::none_of(engines, about)) continue;
    if (avoid::IsExpired(entry, today)) {
      text +=
          fmt::format("  known {}: expired on {}, no longer matched\n", entry.name, entry.expires);
      continue;
    }
    const uint64_t met = count(tally.known_met, entry.name);
    const uint64_t avoided = count(tally.known_avoided, entry.name);
    const bool missed = met == 0 && avoided == 0 && tally.cases >= kCasesMin;
    if (met == 0 && avoided == 0 && !missed) continue;
    text += fmt::format("  known {}: {} times", entry.name, met);
    if (entry.avoidance != avoid::Avoidance::None)
      text += fmt::format(", avoided {} times", avoided);
    text += missed ? "; has the engine changed? Then its row goes\n" : "\n";
  }
  for (const avoid::KnownRow& row : rows) {
    const uint64_t met = count(tally.known_met, row.name);
    const bool expired = today >= row.expires;
    text += fmt::format("  known {}: {}\n", row.name,
                        expired ? fmt::format("expired on {}, no longer matched", row.expires)
                                : fmt::format("{} times", met));
  }
  return text;
}

}  // namespace slabhound::campaign
