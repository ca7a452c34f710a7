#include "cause/measure.h"

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

namespace slabhound::cause {
namespace {

using Counts = std::map<std::string, size_t>;

double Entropy(const Counts& counts, size_t total) {
  double entropy = 0;
  for (const auto& [name, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(total);
    entropy -= share * std::log(share);
  }
  return entropy;
}

}  // namespace

double Agreement::v_measure() const {
  const double sum = homogeneity + completeness;
  return sum == 0 ? 0 : 2 * homogeneity * completeness / sum;
}

Agreement Measure(std::span<const Labelled> items) {
  Counts bugs, labels;
  std::map<std::pair<std::string, std::string>, size_t> both;
  for (const Labelled& item : items) {
    ++bugs[item.bug];
    ++labels[item.label];
    ++both[{item.bug, item.label}];
  }
  // Entropy of one where the other is known.
  double label_given_bug = 0, bug_given_label = 0;
  const auto total = static_cast<double>(items.size());
  for (const auto& [pair, count] : both) {
    const auto joint = static_cast<double>(count);
    label_given_bug -= joint / total * std::log(joint / static_cast<double>(bugs[pair.first]));
    bug_given_label -= joint / total * std::log(joint / static_cast<double>(labels[pair.second]));
  }
  const double of_labels = Entropy(labels, items.size()), of_bugs = Entropy(bugs, items.size());
  Agreement agreement;
  if (of_labels > 0) agreement.homogeneity = 1 - label_given_bug / of_labels;
  if (of_bugs > 0) agreement.completeness = 1 - bug_given_label / of_bugs;
  return agreement;
}

}  // namespace slabhound::cause
