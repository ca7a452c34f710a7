// The Vm's side of the heap: allocation under the schedule, roots, checked access, and values at
// the boundary.
#include <fmt/format.h>

#include "base/check.h"
#include "exec/vm.h"

namespace slabhound::exec {

bool Vm::Collect() {
  heap_.set_function_count(static_cast<uint32_t>(functions_.size()));
  collection_cost_ = collector_->Collect(*this);
  if (!heap_.panic()) return true;
  StopPanic();
  return false;
}

bool Vm::CollectOnSchedule() {
  if (points_to_pass_ > 0) {
    --points_to_pass_;
    return true;
  }
  if (!Collect()) return false;
  if (config_.cost_per_point != 0) points_to_pass_ = collection_cost_ / config_.cost_per_point;
  return true;
}

bool Vm::Safepoint() {
  return config_.schedule.kind != gc::Schedule::Kind::EverySafepoint || CollectOnSchedule();
}

uint64_t Vm::VisitRoots(gc::RootVisitor& visitor) {
  uint64_t words = 0;
  const auto visit_ref = [&](heap::Ref& ref) {
    ++words;
    if (!ref.is_null() && !ref.is_i31()) visitor.Visit(ref);
  };
  const auto visit_word = [&](uint64_t& word) {
    heap::Ref ref = heap::Ref::FromWord(word);
    visit_ref(ref);
    word = ref.word();
  };
  for (const Frame& frame : frames_) {
    const bytecode::StackMap map = frame.function->maps[frame.pc->map];
    for (uint32_t i = 0; i < map.count; ++i) {
      visit_word(registers_[frame.base + frame.function->map_registers[map.first + i]]);
    }
  }
  for (GlobalInstance& global : globals_) {
    if (global.traced) visit_word(global.word);
  }
  for (TableInstance& table : tables_) {
    if (!table.traced) continue;
    for (uint64_t& word : table.words) visit_word(word);
  }
  for (ElemInstance& elem : elems_) {
    if (!elem.traced) continue;
    for (uint64_t& word : elem.words) visit_word(word);
  }
  for (heap::Ref& ref : handles_) visit_ref(ref);
  visit_ref(pending_exception_);
  return words;
}

bool Vm::ObjectFits(uint64_t count, uint64_t bytes) {
  if (count * bytes <= limits_.object_bytes_max) return true;
  StopExhausted(embed::Resource::Heap);
  return false;
}

namespace {

// The three results of an allocation (gc/collector.h, 4).
template <typename Allocate>
heap::Ref AllocateUnder(Vm& vm, Allocate allocate) {
  using Kind = gc::Schedule::Kind;
  const gc::Schedule& schedule = vm.config_.schedule;
  const bool due = schedule.kind == Kind::EverySafepoint ||
                   (schedule.kind == Kind::EveryNth && ++vm.allocation_count_ % schedule.n == 0);
  const bool collected = due && vm.points_to_pass_ == 0;
  if (due && !vm.CollectOnSchedule()) return {};
  heap::Ref ref = allocate();
  if (!ref.is_null()) return ref;
  if (!collected && schedule.kind != Kind::Never) {
    if (!vm.Collect()) return {};
    ref = allocate();
  }
  if (ref.is_null()) vm.StopExhausted(embed::Resource::Heap);
  return ref;
}

}  // namespace

heap::Ref Vm::NewStruct(wasm::TypeId type) {
  return AllocateUnder(*this, [&] { return heap_.AllocateStruct(type); });
}
heap::Ref Vm::NewArray(wasm::TypeId type, uint32_t length) {
  return AllocateUnder(*this, [&] { return heap_.AllocateArray(type, length); });
}
heap::Ref Vm::NewException(embed::TagAddr tag) {
  return AllocateUnder(*this, [&] { return heap_.AllocateException(tag); });
}

uint8_t* Vm::Access(heap::Ref ref, wasm::TypeId type) {
  uint8_t* object = heap_.Deref(ref);
  if (object == nullptr) {
    StopPanic();
    return nullptr;
  }
  const heap::Header& header = heap::Heap::HeaderOf(object);
  if (header.type == static_cast<uint32_t>(type)) [[likely]] {
    if (static_cast<heap::ObjectKind>(header.kind) != heap::ObjectKind::Exn) [[likely]]
      return object;
  } else if (static_cast<heap::ObjectKind>(header.kind) != heap::ObjectKind::Exn &&
             types_.IsSubtype(static_cast<wasm::TypeId>(+header.type), type)) {
    return object;
  }
  heap_.RaisePanic(heap::PanicKind::TypeMismatch,
                   fmt::format("an object of type {} where type {} was promised", +header.type,
                               static_cast<uint32_t>(type)));
  StopPanic();
  return nullptr;
}

bool Vm::Matches(uint64_t word, wasm::ValType type) {
  const heap::Ref ref = heap::Ref::FromWord(word);
  const wasm::HeapType target = type.heap();
  if (ref.is_null()) return type.nullable();
  if (!target.is_index()) {
    switch (target.abstract()) {
      case wasm::AbstractHeap::Any:
      case wasm::AbstractHeap::Extern:
      case wasm::AbstractHeap::Exn:
        return true;
      case wasm::AbstractHeap::Eq:
        return !ref.is_host();
      case wasm::AbstractHeap::I31:
        return ref.is_i31();
      case wasm::AbstractHeap::Struct:
      case wasm::AbstractHeap::Array:
        break;
      default:
        return false;  // the bottom types
    }
  }
  if (!ref.is_object()) return false;
  uint8_t* object = heap_.Deref(ref);
  if (object == nullptr) {
    StopPanic();
    return false;
  }
  const heap::Header& header = heap::Heap::HeaderOf(object);
  const auto kind = static_cast<heap::ObjectKind>(header.kind);
  if (!target.is_index()) {
    return kind == (target.Is(wasm::AbstractHeap::Struct) ? heap::ObjectKind::Struct
                                                          : heap::ObjectKind::Array);
  }
  return kind != heap::ObjectKind::Exn &&
         types_.IsSubtype(static_cast<wasm::TypeId>(+header.type),
                          static_cast<wasm::TypeId>(target.index()));
}

bool Vm::MatchesFunction(uint64_t word, wasm::ValType type) {
  if (word == 0) return type.nullable();
  const wasm::HeapType target = type.heap();
  if (target.Is(wasm::AbstractHeap::Func)) return true;
  if (!target.is_index()) return false;
  const auto address = FunctionOf(word);
  return address &&
         types_.IsSubtype(functions_[*address].type, static_cast<wasm::TypeId>(target.index()));
}

std::optional<embed::FuncAddr> Vm::FunctionOf(uint64_t word) {
  if (word != 0 && word <= functions_.size()) return static_cast<embed::FuncAddr>(word - 1);
  heap_.RaisePanic(heap::PanicKind::ForeignId, fmt::format("0x{:x} in the function table", word));
  StopPanic();
  return std::nullopt;
}

Result<embed::Value, embed::Panic> Vm::ToValue(uint64_t word, wasm::ValType type) {
  using embed::RefKind;
  if (!type.is_ref()) return embed::Value{type, word, {}};
  embed::Ref ref;
  if (!heap::IsTraced(types_, type)) {
    if (word != 0) {
      const auto address = FunctionOf(word);
      if (!address) {
        stop_.reset();
        return Fail(PanicValue());
      }
      ref = {RefKind::Func, *address};
    }
    return embed::Value::Reference(type, ref);
  }
  const heap::Ref heap_ref = heap::Ref::FromWord(word);
  if (heap_ref.is_i31()) {
    ref = {RefKind::I31, heap_ref.i31()};
  } else if (heap_ref.is_host()) {
    const auto number = heap_.HostNumber(heap_ref);
    if (!number) return Fail(PanicValue());
    ref = {RefKind::Host, *number};
  } else if (!heap_ref.is_null()) {
    uint8_t* object = heap_.Deref(heap_ref);
    if (object == nullptr) return Fail(PanicValue());
    constexpr RefKind kKinds[] = {RefKind::Struct, RefKind::Array, RefKind::Exn, RefKind::Exn};
    ref = {kKinds[heap::Heap::HeaderOf(object).kind], static_cast<uint32_t>(handles_.size())};
    handles_.push_back(heap_ref);
  }
  return embed::Value::Reference(type, ref);
}

uint64_t Vm::ToWord(const embed::Ref& ref) {
  switch (ref.kind) {
    case embed::RefKind::Null:
      return 0;
    case embed::RefKind::I31:
      return heap::Ref::I31(ref.payload).word();
    case embed::RefKind::Func:
      return uint64_t{ref.payload} + 1;
    case embed::RefKind::Host:
      return heap_.hosts().Intern(ref.payload).word();
    case embed::RefKind::Struct:
    case embed::RefKind::Array:
    case embed::RefKind::Exn:
      CHECK(ref.payload < handles_.size());
      return handles_[ref.payload].word();
  }
  UNREACHABLE();
}

uint64_t Vm::ToWord(const embed::Value& value) {
  return value.type.is_ref() ? ToWord(value.ref) : value.bits;
}

}  // namespace slabhound::exec
