#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"

namespace slabhound::minimizer {
namespace {

void DropExports(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  std::vector<size_t> droppable;
  for (size_t i = 0; i < base.module.exports.size(); ++i) {
    const auto& calls = base.plan.calls;
    const std::string& name = base.module.exports[i].name;
    if (std::ranges::find(calls, name, &testcase::Call::export_name) == calls.end()) {
      droppable.push_back(i);
    }
  }
  TrySubsets(reduction, droppable.size(), [&](const std::vector<size_t>& dropped) {
    testcase::TestCase candidate = base;
    for (size_t k = dropped.size(); k-- > 0;) {
      candidate.module.exports.erase(candidate.module.exports.begin() +
                                     static_cast<ptrdiff_t>(droppable[dropped[k]]));
    }
    return candidate;
  });
}

// The first export gets the empty name, others one letter.
void ShortenNames(Reduction& reduction) {
  for (size_t i = 0; i < reduction.module().exports.size() && i < 27; ++i) {
    const std::string old = reduction.module().exports[i].name;
    const std::string name = i == 0 ? "" : std::string(1, static_cast<char>('a' + i - 1));
    if (old.size() <= name.size() || reduction.module().FindExport(name)) continue;
    testcase::TestCase candidate = reduction.current();
    candidate.module.exports[i].name = name;
    for (testcase::Call& call : candidate.plan.calls) {
      if (call.export_name == old) call.export_name = name;
    }
    reduction.Try(std::move(candidate));
  }
}

}  // namespace

void ReduceExports(Reduction& reduction) {
  DropExports(reduction);
  ShortenNames(reduction);
}

}  // namespace slabhound::minimizer
