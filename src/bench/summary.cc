#include "bench/summary.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "bench/effect_size.h"

namespace slabhound::bench {
namespace {

constexpr uint64_t kSeed = 1;  // of all intervals
constexpr std::string_view kNoFault = "none";

// The place of a name in its table; what is in none stands last.
size_t PlaceOfFault(const std::string& name) {
  const auto catalogue = heap::FaultCatalogue();
  return static_cast<size_t>(std::ranges::find(catalogue, name, &heap::FaultInfo::name) -
                             catalogue.begin());
}
size_t PlaceOfGenerator(const std::string& name) {
  return static_cast<size_t>(std::ranges::find(gen::kGenerators, name, gen::GeneratorName) -
                             gen::kGenerators.begin());
}

void Count(const TrialRow& row, Group& group) {
  const TrialResult& result = row.result;
  ++group.trials;
  if (result.outcome == Outcome::Died) {
    ++group.died;
    return;
  }
  const bool detected = result.outcome == Outcome::Detected;
  group.reached += result.reached.count > 0 ? 1 : 0;
  group.triggered += result.triggered.count > 0 ? 1 : 0;
  group.detected += detected ? 1 : 0;
  if (detected) ++group.signals[result.signal];
  group.seconds.push_back({result.end.cpu_seconds, detected});
  group.modules.push_back({static_cast<double>(result.end.modules), detected});
}

// By fault and generator, in order of their tables.
std::vector<FaultSummary> GroupsOf(std::vector<TrialRow> rows) {
  const auto place = [](const TrialRow& row) {
    return std::tuple(row.key.fault == kNoFault, PlaceOfFault(row.key.fault), row.key.fault,
                      PlaceOfGenerator(row.key.generator), row.key);
  };
  std::ranges::sort(rows, {}, place);
  std::vector<FaultSummary> faults;
  for (const TrialRow& row : rows) {
    if (faults.empty() || faults.back().fault != row.key.fault) {
      FaultSummary& fault = faults.emplace_back();
      fault.fault = row.key.fault;
      const size_t at = PlaceOfFault(row.key.fault);
      if (at < heap::FaultCatalogue().size()) fault.number = heap::FaultCatalogue()[at].number;
    }
    std::vector<Group>& groups = faults.back().groups;
    if (groups.empty() || groups.back().generator != row.key.generator) {
      groups.emplace_back().generator = row.key.generator;
    }
    Count(row, groups.back());
  }
  return faults;
}

void Estimate(FaultSummary& fault) {
  for (Group& group : fault.groups) {
    if (group.seconds.empty()) continue;
    const Rng rng = Rng(kSeed).Fork(fault.fault).Fork(group.generator);
    group.median_seconds = Bootstrap(group.seconds, MedianOf, rng);
  }
  if (fault.groups.size() < 2) return;
  const auto& first = fault.groups[0].seconds;
  const auto& second = fault.groups[1].seconds;
  if (!first.empty() && !second.empty()) fault.a12 = A12(first, second);
}

void Add(const Group& group, std::vector<double>& medians, Total& total) {
  if (group.seconds.empty()) return;
  ++(group.detected == group.seconds.size() ? total.found_always
     : group.detected > 0                   ? total.found_sometimes
                                            : total.found_never);
  medians.push_back(MedianOf(group.seconds));
  total.seconds.insert(total.seconds.end(), group.seconds.begin(), group.seconds.end());
}

std::vector<Total> TotalsOf(const std::vector<FaultSummary>& faults) {
  std::map<size_t, std::pair<Total, std::vector<double>>> totals;
  for (const FaultSummary& fault : faults) {
    for (const Group& group : fault.groups) {
      auto& [total, medians] = totals[PlaceOfGenerator(group.generator)];
      total.generator = group.generator;
      Add(group, medians, total);
    }
  }
  std::vector<Total> list;
  for (auto& [place, entry] : totals) {
    auto& [total, medians] = entry;
    std::ranges::sort(medians);
    if (!medians.empty()) total.median_of_medians = medians[(medians.size() - 1) / 2];
    list.push_back(std::move(total));
  }
  return list;
}

std::optional<cause::Agreement> SymptomsOf(const std::vector<TrialRow>& rows) {
  std::vector<cause::Labelled> items;
  for (const TrialRow& row : rows) {
    if (row.result.outcome != Outcome::Detected || row.key.fault == kNoFault) continue;
    items.push_back({row.result.symptom, row.key.fault});
  }
  if (items.empty()) return std::nullopt;
  return cause::Measure(items);
}

std::optional<double> MeanA12(const std::vector<FaultSummary>& faults) {
  double sum = 0, count = 0;
  for (const FaultSummary& fault : faults) {
    sum += fault.a12.value_or(0);
    count += fault.a12 ? 1 : 0;
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace

double MedianOf(std::span<const Observation> observations) {
  return MedianTime(KaplanMeier(observations));
}

Summary Summarize(const std::vector<TrialRow>& all, const std::string& configuration) {
  std::vector<TrialRow> rows;
  for (const TrialRow& row : all) {
    if (row.key.configuration == configuration) rows.push_back(row);
  }
  Summary summary;
  summary.configuration = configuration;
  if (!rows.empty()) summary.bounds = rows.front().bounds;
  summary.symptoms = SymptomsOf(rows);
  summary.faults = GroupsOf(std::move(rows));
  for (FaultSummary& fault : summary.faults) Estimate(fault);
  if (!summary.faults.empty() && summary.faults.back().fault == kNoFault) {
    summary.clean = std::move(summary.faults.back().groups);
    summary.faults.pop_back();
  }
  summary.totals = TotalsOf(summary.faults);
  summary.a12 = MeanA12(summary.faults);
  return summary;
}

}  // namespace slabhound::bench
