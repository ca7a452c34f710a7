#include "exec/census.h"

#include <algorithm>

#include "gc/census.h"

namespace slabhound::exec {
namespace {

void AddRoots(Vm& vm, gc::Census& census) {
  Store& store = vm.store();
  const auto add = [&census](uint64_t word) { census.AddRoot(heap::Ref::FromWord(word)); };
  const Store::Counts counts = store.counts();
  for (uint32_t i = 0; i < counts.globals; ++i) {
    if (store.global(i).traced) add(store.global(i).word);
  }
  for (uint32_t i = 0; i < counts.tables; ++i) {
    if (store.table(i).traced) std::ranges::for_each(store.table(i).words, add);
  }
  for (uint32_t i = 0; i < counts.elems; ++i) {
    if (store.elem(i).traced) std::ranges::for_each(store.elem(i).words, add);
  }
  for (uint32_t i = 0; i < vm.handles().count(); ++i) census.AddRoot(vm.handles().At(i));
  census.AddRoot(vm.run().exception());
}

bool Holds(Vm& vm, gc::Extent extent, gc::Frees frees) {
  if (!vm.objects().Collect(extent)) return false;
  gc::Census census(vm.heap());
  AddRoots(vm, census);
  census.Take(frees);
  return !vm.heap().panic();
}

}  // namespace

Result<void, machine::Panic> TakeCensus(Vm& vm) {
  if (!vm.objects().may_collect() || vm.heap().is_unchecked()) return {};
  const gc::CollectorKind kind = vm.config().collector;
  const gc::Frees minor = gc::FreesOf(kind, gc::Extent::Minor);
  const gc::Frees full = gc::FreesOf(kind, gc::Extent::Full);
  if (full == gc::Frees::Nothing) return {};
  const bool both = minor == gc::Frees::Acyclic && full != minor;
  if ((both && !Holds(vm, gc::Extent::Minor, minor)) || !Holds(vm, gc::Extent::Full, full)) {
    vm.run().ClearStop();
    return Fail(vm.objects().PanicValue());
  }
  return {};
}

}  // namespace slabhound::exec
