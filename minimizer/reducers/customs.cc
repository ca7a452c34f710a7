#include "minimizer/drop_bytes.h"
#include "minimizer/proposals.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {

using testcase::TestCase;

void ReduceCustoms(Reduction& reduction) {
  const TestCase base = reduction.current();
  std::vector<uint64_t> weights;
  for (const wasm::CustomSection& custom : base.module.customs) {
    weights.push_back(custom.name.size() + custom.bytes.size());
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    candidate.module.customs.clear();
    auto dropped = chosen.begin();
    for (size_t i = 0; i < base.module.customs.size(); ++i) {
      if (dropped != chosen.end() && *dropped == i) {
        ++dropped;
      } else {
        candidate.module.customs.push_back(base.module.customs[i]);
      }
    }
    return candidate;
  });
  DropBytes(reduction, [](wasm::Module& module) {
    std::vector<Bytes*> strings;
    for (wasm::CustomSection& custom : module.customs) strings.push_back(&custom.bytes);
    return strings;
  });
}

}  // namespace slabhound::minimizer
