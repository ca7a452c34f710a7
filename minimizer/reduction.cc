#include "minimizer/reduction.h"

#include "base/hash.h"
#include "valid/valid_module.h"
#include "wasm/encode.h"

namespace slabhound::minimizer {
namespace {

uint64_t HashOf(ByteSpan module, const testcase::Plan& plan) {
  uint64_t hash = HashCombine(HashBytes(module), plan.seed);
  for (const testcase::Call& call : plan.calls) {
    hash = HashCombine(hash, HashBytes(AsBytes(call.export_name)));
    hash = HashCombine(hash, call.arguments.size());
    for (const uint64_t argument : call.arguments) hash = HashCombine(hash, argument);
  }
  return hash;
}

}  // namespace

Reduction::Reduction(testcase::TestCase input, const Predicate& predicate, const Options& options)
    : current_(std::move(input)),
      predicate_(predicate),
      options_(options),
      weight_(WeightOf(current_, wasm::Encode(current_.module).size())) {}

bool Reduction::Stopped() {
  stopped_ = stopped_ || counts_.candidates >= options_.candidates_max ||
             (options_.stop && options_.stop());
  return stopped_;
}

bool Reduction::Try(testcase::TestCase candidate) {
  if (Stopped()) return false;
  ++counts_.proposed;
  const Bytes bytes = wasm::Encode(candidate.module);
  const Weight weight = WeightOf(candidate, bytes.size());
  if (weight >= weight_ || !seen_.insert(HashOf(bytes, candidate.plan)).second) return false;
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
