#include "cause/bugs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>

namespace slabhound::cause {
namespace {

// A partition of the symptoms by their places.
class Groups {
 public:
  explicit Groups(size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0u); }
  size_t Of(size_t at) const {
    while (parent_[at] != at) at = parent_[at];
    return at;
  }
  void Join(size_t a, size_t b) { parent_[std::max(Of(a), Of(b))] = std::min(Of(a), Of(b)); }

 private:
  std::vector<size_t> parent_;
};

struct Pair {
  double distance;
  size_t a, b;
};

bool Alike(const Symptom& a, const Symptom& b) {
  return a.signature.suspect == b.signature.suspect && Agree(a.key->variants, b.key->variants);
}

// Nearest pairs first.
Groups ByCause(const std::vector<const Symptom*>& symptoms, const Overrides& overrides) {
  const auto is_open = [&](const Symptom& each) {
    return each.key && std::ranges::count(overrides.split, each.slug) == 0;
  };
  std::vector<Pair> pairs;
  for (size_t a = 0; a < symptoms.size(); ++a) {
    for (size_t b = a + 1; b < symptoms.size(); ++b) {
      const Symptom &first = *symptoms[a], &second = *symptoms[b];
      if (!is_open(first) || !is_open(second) || !Alike(first, second)) continue;
      const double distance = Distance(first.key->shape, second.key->shape);
      if (distance <= kNear) pairs.push_back({distance, a, b});
    }
  }
  std::ranges::sort(pairs, {},
                    [](const Pair& each) { return std::tuple(each.distance, each.a, each.b); });
  Groups groups(symptoms.size());
  for (const Pair& pair : pairs) groups.Join(pair.a, pair.b);
  return groups;
}

Groups WithMergedByHand(Groups groups, const std::vector<const Symptom*>& symptoms,
                        const Overrides& overrides) {
  const auto place_of = [&](std::string_view slug) {
    return std::ranges::find(symptoms, slug,
                             [](auto* each) { return std::string_view(each->slug); });
  };
  for (const auto& [a, b] : overrides.merged) {
    const auto first = place_of(a), second = place_of(b);
    if (first == symptoms.end() || second == symptoms.end()) continue;
    groups.Join(first - symptoms.begin(), second - symptoms.begin());
  }
  return groups;
}

// By what a bug is represented: a small case first.
auto RankOf(const Symptom& symptom) {
  return std::tuple(!symptom.key, symptom.bytes, std::string_view(symptom.slug));
}

struct Placed {
  const Symptom* symptom;
  size_t cause;  // its group before hands
};

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
      why = fmt::format("same vector, shape distance {:.2f}",
                        Distance(symptom.key->shape, first.symptom->key->shape));
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
  const Groups by_cause = ByCause(sorted, overrides);
  const Groups groups = WithMergedByHand(by_cause, sorted, overrides);
  std::map<size_t, std::vector<Placed>> members;
  for (size_t i = 0; i < sorted.size(); ++i) {
    members[groups.Of(i)].push_back({sorted[i], by_cause.Of(i)});
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
