#include "cause/bugs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "cause/linkage.h"

namespace slabhound::cause {
namespace {

using Groups = std::vector<size_t>;  // of each symptom, the place of its group's first one

// Of the slab engine alone it is sure that a case which fails without collections has no luck with
// memory.
double ShapeDistance(const Key& a, const Key& b) {
  const auto is_memory = [](const Key& key) {
    const bool is_slab = !key.variants.empty() && key.variants.front().engine.starts_with("slab");
    return !is_slab || NeedsCollections(key.variants);
  };
  const Broken broken = is_memory(a) || is_memory(b) ? Broken::Memory : Broken::Instruction;
  return Distance(a.shape, b.shape, broken);
}

// `in_ranges`: both begin and end within the releases that were tried.
double DistanceOf(const Symptom& a, const Symptom& b, bool in_ranges) {
  if (a.signature.suspect != b.signature.suspect || !Agree(a.key->variants, b.key->variants)) {
    return kApart;
  }
  const double luck = Disagreement(a.key->variants, b.key->variants);
  return ShapeDistance(*a.key, *b.key) + luck - (luck == 0 && in_ranges ? kSameRange : 0);
}

Groups ByCause(const std::vector<const Symptom*>& symptoms, const Overrides& overrides) {
  const auto is_open = [&](const Symptom& each) {
    return each.key && std::ranges::count(overrides.split, each.slug) == 0;
  };
  std::vector<std::vector<double>> distances(symptoms.size(),
                                             std::vector<double>(symptoms.size(), kApart));
  std::vector<uint8_t> in_range(symptoms.size(), 0);
  for (size_t a = 0; a < symptoms.size(); ++a) {
    if (!is_open(*symptoms[a])) continue;
    in_range[a] = BeginsAndEnds(symptoms[a]->key->variants) ? 1 : 0;
    for (size_t b = 0; b < a; ++b) {
      if (!is_open(*symptoms[b])) continue;
      distances[a][b] = distances[b][a] =
          DistanceOf(*symptoms[a], *symptoms[b], in_range[a] != 0 && in_range[b] != 0);
    }
  }
  return GroupsOf(std::move(distances), kNear);
}

// What does not fail every time may not be minimized: it goes where the same symptom is, with a
// cause, of most cases.
Groups WithUnsteady(Groups groups, const std::vector<const Symptom*>& symptoms,
                    const Overrides& overrides) {
  const Groups by_cause = groups;
  for (size_t i = 0; i < symptoms.size(); ++i) {
    const Symptom& symptom = *symptoms[i];
    const bool is_open = std::ranges::count(overrides.split, symptom.slug) == 0;
    if (symptom.key || !is_open || symptom.signature.recurs == trace::Recurs::EveryTime) continue;
    const Symptom* most = nullptr;
    for (size_t k = 0; k < symptoms.size(); ++k) {
      const Symptom& other = *symptoms[k];
      if (!other.key || other.signature.Core() != symptom.signature.Core()) continue;
      if (most != nullptr && other.count <= most->count) continue;
      most = &other;
      groups[i] = by_cause[k];
    }
  }
  return groups;
}

Groups WithMergedByHand(Groups groups, const std::vector<const Symptom*>& symptoms,
                        const Overrides& overrides) {
  const auto group_of = [&](std::string_view slug) -> std::optional<size_t> {
    for (size_t i = 0; i < symptoms.size(); ++i) {
      if (symptoms[i]->slug == slug) return groups[i];
    }
    return std::nullopt;
  };
  for (const auto& [a, b] : overrides.merged) {
    const auto first = group_of(a), second = group_of(b);
    if (first && second) std::ranges::replace(groups, *second, *first);
  }
  return groups;
}

// By what a bug is represented: a small case first.
auto RankOf(const Symptom& symptom) {
  const bool every_time = symptom.signature.recurs == trace::Recurs::EveryTime;
  return std::tuple(!symptom.key, !every_time, symptom.bytes, std::string_view(symptom.slug));
}

struct Placed {
  const Symptom* symptom;
  size_t cause;  // its group before hands
};

std::string WhyOf(const Key& member, const Key& first) {
  const double luck = Disagreement(member.variants, first.variants);
  return fmt::format("{}, shape distance {:.2f}",
                     luck == 0 ? "same vector" : "vectors agree where it is no luck",
                     ShapeDistance(member, first));
}

Bug BugOf(const std::vector<Placed>& members, const Overrides& overrides) {
  const Placed& first = *std::ranges::min_element(
      members, {}, [](const Placed& each) { return RankOf(*each.symptom); });
  Bug bug;
  bug.representative = first.symptom->slug;
  bug.members = {{bug.representative, ""}};
  bug.severity = Severity::Refusal;
  bug.minimized = first.symptom->key.has_value();
  for (const Placed& member : members) {
    const Symptom& symptom = *member.symptom;
    bug.severity =
        std::min(bug.severity, symptom.key ? symptom.key->severity : SeverityOf(symptom.signature));
    bug.count += symptom.count;
    for (const auto& [slug, label] : overrides.labels) {
      if (slug == symptom.slug) bug.label = label;
    }
    if (&member == &first) continue;
    std::string why = "by hand";
    if (member.cause == first.cause) {
      why = symptom.key ? WhyOf(*symptom.key, *first.symptom->key)
                        : "the same symptom, not every time";
    }
    bug.members.push_back({symptom.slug, std::move(why)});
  }
  return bug;
}

}  // namespace

std::vector<Bug> BugsOf(const std::vector<Symptom>& symptoms, const Overrides& overrides) {
  std::vector<const Symptom*> sorted;
  for (const Symptom& each : symptoms) sorted.push_back(&each);
  std::ranges::sort(sorted, {}, [](const Symptom* each) { return std::string_view(each->slug); });
  const Groups by_cause = WithUnsteady(ByCause(sorted, overrides), sorted, overrides);
  const Groups groups = WithMergedByHand(by_cause, sorted, overrides);
  std::map<size_t, std::vector<Placed>> members;
  for (size_t i = 0; i < sorted.size(); ++i) {
    members[groups[i]].push_back({sorted[i], by_cause[i]});
  }
  std::vector<Bug> bugs;
  for (const auto& [at, group] : members) bugs.push_back(BugOf(group, overrides));
  std::ranges::sort(bugs, [](const Bug& a, const Bug& b) {
    return std::tuple(a.severity, !a.minimized, b.count, std::string_view(a.representative)) <
           std::tuple(b.severity, !b.minimized, a.count, std::string_view(b.representative));
  });
  return bugs;
}

}  // namespace slabhound::cause
