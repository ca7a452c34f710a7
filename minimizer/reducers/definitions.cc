#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;

// Segments keep their index: an emptied one goes when nothing names it any more (unused).
void EmptySegments(Reduction& reduction) {
  const TestCase base = reduction.current();
  const size_t elems = base.module.elems.size();
  TrySubsets(reduction, elems + base.module.datas.size(), [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    for (const size_t i : chosen) {
      if (i < elems) {
        candidate.module.elems[i].items.clear();
      } else {
        candidate.module.datas[i - elems].bytes.clear();
      }
    }
    return candidate;
  });
}

// Active segments become passive, which unused drops.
void MakePassive(Reduction& reduction) {
  const TestCase base = reduction.current();
  const size_t elems = base.module.elems.size();
  TrySubsets(reduction, elems + base.module.datas.size(), [&](const std::vector<size_t>& chosen) {
    TestCase candidate = base;
    const auto make_passive = [](auto& segment) {
      if (segment.mode == wasm::SegmentMode::Active) segment.mode = wasm::SegmentMode::Passive;
    };
    for (const size_t i : chosen) {
      if (i < elems) {
        make_passive(candidate.module.elems[i]);
      } else {
        make_passive(candidate.module.datas[i - elems]);
      }
    }
    return candidate;
  });
}

void DropItems(Reduction& reduction) {
  for (size_t e = 0; e < reduction.module().elems.size() && !reduction.Stopped(); ++e) {
    const TestCase base = reduction.current();
    const size_t count = base.module.elems[e].items.size();
    TrySubsets(reduction, count, [&](const std::vector<size_t>& chosen) {
      TestCase candidate = base;
      auto& items = candidate.module.elems[e].items;
      for (size_t k = chosen.size(); k-- > 0;) {
        items.erase(items.begin() + static_cast<ptrdiff_t>(chosen[k]));
      }
      return candidate;
    });
  }
  for (size_t d = 0; d < reduction.module().datas.size() && !reduction.Stopped(); ++d) {
    for (size_t bytes = reduction.module().datas[d].bytes.size(); bytes > 1;) {
      bytes /= 2;
      TestCase candidate = reduction.current();
      candidate.module.datas[d].bytes.resize(bytes);
      if (!reduction.Try(std::move(candidate))) break;
    }
  }
}

void ShrinkLimits(Reduction& reduction) {
  const auto shrink = [&](auto member, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      TestCase candidate = reduction.current();
      wasm::Limits& limits = (candidate.module.*member)[i].type.limits;
      limits.max.reset();
      reduction.Try(candidate);
      limits.min = 0;
      if (!reduction.Try(candidate)) {
        limits.min = 1;
        reduction.Try(std::move(candidate));
      }
    }
  };
  shrink(&wasm::Module::tables, reduction.module().tables.size());
  shrink(&wasm::Module::memories, reduction.module().memories.size());
}

void DefaultInitializers(Reduction& reduction) {
  const rewrite::View view = rewrite::MakeView(reduction.module());
  const uint32_t imported = reduction.module().ImportCount(wasm::ExternKind::Global);
  for (size_t g = 0; g < reduction.module().globals.size(); ++g) {
    TestCase candidate = reduction.current();
    wasm::Body& init = candidate.module.globals[g].init;
    init = {};
    init.code = rewrite::DefaultOf(view.valid.globals[imported + g].type, view);
    init.code.push_back(rewrite::Op(wasm::Opcode::End));
    reduction.Try(std::move(candidate));
  }
  for (size_t t = 0; t < reduction.module().tables.size(); ++t) {
    if (!reduction.module().tables[t].init) continue;
    TestCase candidate = reduction.current();
    candidate.module.tables[t].init.reset();
    reduction.Try(std::move(candidate));
  }
}

}  // namespace

void ReduceDefinitions(Reduction& reduction) {
  if (reduction.module().start) {
    TestCase candidate = reduction.current();
    candidate.module.start.reset();
    reduction.Try(std::move(candidate));
  }
  EmptySegments(reduction);
  MakePassive(reduction);
  DropItems(reduction);
  ShrinkLimits(reduction);
  DefaultInitializers(reduction);
}

}  // namespace slabhound::minimizer
