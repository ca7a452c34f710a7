#include "bench/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace slabhound::bench {
namespace {

// Three digits that count.
std::string SecondsText(double seconds) {
  if (seconds >= 100) return fmt::format("{:.0f}", seconds);
  if (seconds >= 10) return fmt::format("{:.1f}", seconds);
  if (seconds >= 1) return fmt::format("{:.2f}", seconds);
  if (seconds >= 0.01) return fmt::format("{:.3f}", seconds);
  return fmt::format("{:.4f}", seconds);
}

double ShortestWithout(const std::vector<Observation>& observations) {
  double shortest = kNever;
  for (const Observation& each : observations) {
    if (!each.happened) shortest = std::min(shortest, each.time);
  }
  return shortest;
}

std::string TimeText(double time, const std::vector<Observation>& observations, bool is_seconds) {
  const bool never = time == kNever;
  double shown = never ? ShortestWithout(observations) : time;
  const bool is_whole = !is_seconds || (never && shown >= 10);
  if (is_whole) shown = std::floor(shown);
  const std::string text = is_whole ? fmt::format("{:.0f}", shown) : SecondsText(shown);
  return never ? "> " + text : text;
}

std::string SignalsText(const Group& group) {
  std::vector<std::string> parts;
  for (const auto& [signal, count] : group.signals) {
    parts.push_back(fmt::format("{} {}", SignalName(signal), count));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

TableRow RowOf(const std::string& fault, const Group& group, std::string a12, size_t rows) {
  const uint64_t trials = group.trials - group.died;
  const auto share = [trials](uint64_t count) { return fmt::format("{}/{}", count, trials); };
  if (trials == 0) {
    return {rows, {fault, group.generator, "", "", "", "all died", "", "", "", std::move(a12)}};
  }
  const Interval& interval = group.median_seconds;
  const std::string low = TimeText(interval.low, group.seconds, true);
  const std::string high = TimeText(interval.high, group.seconds, true);
  return {
      rows,
      {fault, group.generator, share(group.reached), share(group.triggered), share(group.detected),
       SignalsText(group), TimeText(MedianOf(group.modules), group.modules, false),
       TimeText(MedianOf(group.seconds), group.seconds, true),
       low == high ? low : low + " to " + high, std::move(a12)}};
}

void AddFault(const std::string& name, const std::vector<Group>& groups, const std::string& a12,
              std::vector<TableRow>& rows) {
  for (size_t i = 0; i < groups.size(); ++i) {
    const bool first = i == 0;
    rows.push_back(
        RowOf(first ? name : "", groups[i], first ? a12 : "", first ? groups.size() : 0));
  }
}

// Until when means are taken: the bound, or where the last trial of all ended.
double LastEnd(const Summary& summary) {
  double last = 0;
  for (const Total& total : summary.totals) {
    for (const Observation& each : total.seconds) last = std::max(last, each.time);
  }
  return std::min(last, summary.bounds.cpu_seconds);
}

std::string TotalText(const Total& total, double until) {
  const auto trials = total.seconds.size();
  const auto found = std::ranges::count_if(total.seconds, &Observation::happened);
  const auto mean = [&](std::span<const Observation> observations) {
    return RestrictedMean(KaplanMeier(observations), until);
  };
  std::string text = fmt::format(
      "{}: {} faults found in every trial, {} in some, {} in none; {} of {} trials; median over "
      "faults of the median time {}",
      total.generator, total.found_always, total.found_sometimes, total.found_never, found, trials,
      TimeText(total.median_of_medians, total.seconds, true) + " CPU s");
  if (trials == 0) return text + ".";
  const Interval interval = Bootstrap(total.seconds, mean, Rng(1).Fork(total.generator));
  return text + fmt::format("; mean time of a trial {} CPU s ({} to {}).",
                            SecondsText(mean(total.seconds)), SecondsText(interval.low),
                            SecondsText(interval.high));
}

}  // namespace

std::vector<TableRow> TableOf(const Summary& summary) {
  std::vector<TableRow> rows;
  for (const FaultSummary& fault : summary.faults) {
    AddFault(fault.number.empty() ? fault.fault : fault.number + " " + fault.fault, fault.groups,
             fault.a12 ? fmt::format("{:.2f}", *fault.a12) : "", rows);
  }
  AddFault("none", summary.clean, "", rows);
  return rows;
}

std::vector<std::string> SentencesOf(const Summary& summary) {
  std::vector<std::string> sentences;
  std::string bound = fmt::format("Trials of at most {} CPU seconds", summary.bounds.cpu_seconds);
  if (summary.bounds.modules > 0) bound += fmt::format(" and {} modules", summary.bounds.modules);
  sentences.push_back(bound + fmt::format(" on {}.", summary.configuration));
  for (const Total& total : summary.totals) {
    sentences.push_back(TotalText(total, LastEnd(summary)));
  }
  if (summary.a12) {
    sentences.push_back(
        fmt::format("A12, the chance that a trial of {} is sooner than one of {}: {:.2f} on the "
                    "average of all faults.",
                    summary.totals[0].generator, summary.totals[1].generator, *summary.a12));
  }
  uint64_t trials = 0, alarms = 0;
  double modules = 0, seconds = 0;
  for (const Group& group : summary.clean) {
    trials += group.trials;
    alarms += group.detected;
    for (const Observation& each : group.modules) modules += each.time;
    for (const Observation& each : group.seconds) seconds += each.time;
  }
  if (trials > 0) {
    sentences.push_back(
        fmt::format("Without a fault: {} false alarms in {} trials, {:.0f} modules, {:.0f} CPU s.",
                    alarms, trials, modules, seconds));
  }
  if (summary.symptoms) {
    sentences.push_back(fmt::format(
        "First symptoms, as signatures of the cases as they were found, against faults: V-measure "
        "{:.2f} (homogeneity {:.2f}, completeness {:.2f}).",
        summary.symptoms->v_measure(), summary.symptoms->homogeneity,
        summary.symptoms->completeness));
  }
  return sentences;
}

std::string MarkdownText(const Summary& summary) {
  std::string text;
  for (const std::string& sentence : SentencesOf(summary)) text += "- " + sentence + "\n";
  text += fmt::format("\n| {} |\n|", fmt::join(kTableHeads, " | "));
  for (size_t i = 0; i < kTableHeads.size(); ++i) text += "---|";
  text += "\n";
  for (const TableRow& row : TableOf(summary)) {
    text += fmt::format("| {} |\n", fmt::join(row.cells, " | "));
  }
  return text;
}

}  // namespace slabhound::bench
