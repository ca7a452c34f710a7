// How well bugs stand for true causes: V-measure of a partition against labels.
//
// homogeneity: no bug has symptoms of two causes; completeness: no cause has two bugs; both in
// [0, 1]. V-measure is their harmonic mean.
#pragma once

#include <span>
#include <string>

namespace slabhound::cause {

struct Labelled {
  std::string bug, label;
};

struct Agreement {
  double homogeneity = 1, completeness = 1;
  double v_measure() const;
};

Agreement Measure(std::span<const Labelled> items);

}  // namespace slabhound::cause
