#include "exec/faulty.h"

#if SLABHOUND_FAULTS

namespace slabhound::exec {

using heap::Active;
using heap::Fault;
using heap::Injected;
using heap::Ref;

bool FaultyMatches(Vm& vm, const Op* pc, uint64_t word, bool right) {
  const Ref ref = Ref::FromWord(word);
  if (!Injected(vm.config().fault, Fault::CastCacheNoGen) || !ref.is_object()) return right;
  const uint64_t slot = heap::Heap::IndexOf(ref);
  const bool cached = vm.fault_state().casts.try_emplace({pc, slot}, right).first->second;
  return Active(vm.config().fault, Fault::CastCacheNoGen, cached != right) ? cached : right;
}

bool FaultyBranchMatches(Vm& vm, uint64_t word, bool right) {
  if (word == 0 && Active(vm.config().fault, Fault::BrOnCastNullSide, right)) return false;
  return right;
}

uint64_t FaultyI31(Vm& vm, uint32_t value, uint64_t right) {
  const uint64_t bit_31 = value >> 31;
  if (!Active(vm.config().fault, Fault::I31Bit31Leak, bit_31 != 0)) return right;
  return right | bit_31 << 32;
}

uint64_t FaultyCopy(Vm& vm, const Op* pc, uint64_t right) {
  constexpr uint32_t kWrappers = 1u << 30;  // numbers of host objects that no embedder has
  const bool wraps = pc->imm != 0 && Injected(vm.config().fault, Fault::ExternRewrapIdentity);
  if (!wraps ||
      !Active(vm.config().fault, Fault::ExternRewrapIdentity, Ref::FromWord(right).is_object())) {
    return right;
  }
  heap::HostTable& hosts = vm.heap().hosts();
  return hosts.Intern(kWrappers + static_cast<uint32_t>(hosts.index_end())).word();
}

uint64_t FaultyLoad(Vm& vm, const Op* pc, uint64_t object, uint64_t right) {
  if (!Injected(vm.config().fault, Fault::CachedFieldLoad)) return right;
  auto& loads = vm.fault_state().loads[vm.stack().top().base];
  const uint64_t cached = loads.try_emplace({object, pc->c, pc->imm}, right).first->second;
  return Active(vm.config().fault, Fault::CachedFieldLoad, cached != right) ? cached : right;
}

void FaultyStore(Vm& vm, const Op* pc, uint64_t object) {
  if (!Injected(vm.config().fault, Fault::CachedFieldLoad)) return;
  vm.fault_state().loads[vm.stack().top().base].erase({object, pc->c, pc->imm});
}

void FaultyEntry(Vm& vm) {
  if (!Injected(vm.config().fault, Fault::CachedFieldLoad)) return;
  auto& loads = vm.fault_state().loads;
  loads.erase(loads.lower_bound(vm.stack().top().base), loads.end());
}

bool FaultyStoreIsUnseen(Vm& vm, Fault fault, const uint8_t* to, uint64_t word) {
  if (!Injected(vm.config().fault, fault)) return false;
  const Ref value = Ref::FromWord(word), old = Ref::FromWord(LoadLittle<uint64_t>(to));
  const auto is_counted = [](Ref ref) { return ref.is_object() || ref.is_host(); };
  bool differs = false;
  if (vm.config().collector == gc::CollectorKind::DeferredRc) {
    differs = value != old && (is_counted(value) || is_counted(old));
  } else if (vm.config().collector == gc::CollectorKind::Generational) {
    differs = value.is_object() && fault != Fault::ElemDropOverdec;  // which makes a young one
  }
  return Active(fault, fault, differs);
}

uint32_t FaultyLength(Vm& vm, wasm::TypeId type, uint32_t length) {
  if (!Injected(vm.config().fault, Fault::AllocMulWrap32)) return length;
  const uint32_t element_bytes = vm.objects().LayoutOf(type).element_bytes;
  const uint64_t bytes = heap::kHeaderBytes + uint64_t{length} * element_bytes;
  const auto wrapped = static_cast<uint32_t>(bytes);
  const uint32_t room = wrapped < heap::kHeaderBytes ? 0 : wrapped - heap::kHeaderBytes;
  return Active(vm.config().fault, Fault::AllocMulWrap32, wrapped != bytes) ? room / element_bytes
                                                                            : length;
}

}  // namespace slabhound::exec

#endif
