// The slab engine as a Machine: register bytecode with liveness-precise stack maps over the slab
// heap.
//
// 1. Only registers that a stack map lists are roots; there is no shadow stack and no conservative
//    scan.
// 2. Every reference that is followed is checked (heap/ref.h); a failed check is a Panic, not a
//    trap.
#pragma once

#include <memory>

#include "exec/observer.h"
#include "gc/collector.h"
#include "heap/fault.h"
#include "heap/settings.h"
#include "machine/machine.h"

namespace slabhound::bytecode {
class CodeCache;
}

namespace slabhound::exec {

struct Config {
  gc::CollectorKind collector = gc::CollectorKind::MarkSweep;
  gc::Schedule schedule;
  heap::Settings settings = {};
  heap::Fault fault = heap::Fault::None;
  // Thins out the schedule where the heap is large: after a collection of cost c (gc/collector.h)
  // the next c / cost_per_point points of the schedule pass without one. 0: none passes.
  uint32_t cost_per_point = 0;
  // Shared by machines that run one module one after another. Requires: outlives them.
  bytecode::CodeCache* code_cache = nullptr;
  Observer* observer = nullptr;  // it outlives the machine; then there is no code cache
};

std::unique_ptr<machine::Machine> MakeMachine(wasm::TypeStore& types, const machine::Limits& limits,
                                              const Config& config);

}  // namespace slabhound::exec
