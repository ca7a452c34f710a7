#include <algorithm>
#include <set>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "minimizer/short_name.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

void DropExports(Reduction& reduction) {
  const TestCase base = reduction.current();
  std::set<std::string_view> called;
  for (const testcase::Call& call : base.plan.calls) called.insert(call.export_name);
  std::vector<size_t> droppable;
  for (size_t i = 0; i < base.module.exports.size(); ++i) {
    if (!called.contains(base.module.exports[i].name)) droppable.push_back(i);
  }
  // Whatever size has its turn: it keeps in use what it reaches.
  const uint64_t weight = std::max<uint64_t>(1, reduction.round().bytes_min);
  TrySubsets(reduction, droppable.size(), weight, [&](const std::vector<size_t>& dropped) {
    TestCase candidate = base;
    std::vector<uint8_t> gone(base.module.exports.size(), 0);
    for (const size_t k : dropped) gone[droppable[k]] = 1;
    size_t i = 0;
    std::erase_if(candidate.module.exports, [&](const wasm::Export&) { return gone[i++] != 0; });
    return candidate;
  });
}

void ShortenNames(Reduction& reduction) {
  const TestCase base = reduction.current();
  std::set<std::string_view> names;
  for (const wasm::Export& exported : base.module.exports) names.insert(exported.name);
  std::vector<size_t> places;
  std::vector<uint64_t> weights;
  for (size_t i = 0; i < base.module.exports.size(); ++i) {
    const size_t size = base.module.exports[i].name.size();
    const std::string name = ShortName(i);
    if (size <= name.size() || names.contains(name)) continue;
    places.push_back(i);
    weights.push_back(size - name.size());
  }
  TrySubsets(reduction, weights, [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    for (const size_t k : chosen) RenameExport(candidate, places[k], ShortName(places[k]));
    return candidate;
  });
}

}  // namespace

void ReduceExports(Reduction& reduction) {
  DropExports(reduction);
  ShortenNames(reduction);
}

}  // namespace slabhound::minimizer
