#include "minimizer/reduction.h"

#include "base/hash.h"
#include "diff/engine.h"

namespace slabhound::minimizer {

Reduction::Reduction(testcase::TestCase input, const Predicate& predicate, const Options& options)
    : current_(std::move(input)),
      predicate_(predicate),
      options_(options),
      weight_(WeightOf(current_, testcase::WriteTestCase(current_))) {}

bool Reduction::Stopped() {
  stopped_ = stopped_ || counts_.candidates >= options_.candidates_max ||
             (options_.stop && options_.stop());
  return stopped_;
}

bool Reduction::Try(testcase::TestCase candidate) {
  if (Stopped()) return false;
  ++counts_.proposed;
  const Bytes file = testcase::WriteTestCase(candidate);
  const Weight weight = WeightOf(candidate, file);
  if (weight >= weight_ || !seen_.insert(HashBytes(file)).second) return false;
  wasm::TypeStore types;
  // Not the owner: the candidate outlives this call.
  const std::shared_ptr<const wasm::Module> module(std::shared_ptr<void>(), &candidate.module);
  if (!valid::Validate(module, types)) {
    ++counts_.invalid;
    return false;
  }
  ++counts_.candidates;
  if (!predicate_(candidate)) return false;
  ++counts_.accepted;
  current_ = std::move(candidate);
  weight_ = weight;
  return true;
}

}  // namespace slabhound::minimizer
