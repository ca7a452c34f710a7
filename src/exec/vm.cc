#include "exec/vm.h"

#include <fmt/format.h>

#include <array>

#include "bytecode/code_cache.h"
#include "bytecode/compiler.h"
#include "exec/subtype.h"

namespace slabhound::exec {

Vm::Vm(machine::Machine& machine, wasm::TypeStore& types, const machine::Limits& limits,
       const Config& config)
    : machine_(machine),
      types_(types),
      limits_(limits),
      config_(config),
      run_(limits.fuel),
      stack_(limits, config.fault),
      objects_(types, limits, config, *this, run_),
      store_(types, limits_, objects_.heap().layouts(), config.fault) {}

uint64_t Vm::VisitRoots(gc::RootVisitor& visitor) {
  RootWalk walk(visitor);
  stack_.VisitRoots(walk);
  store_.VisitRoots(walk, objects_.in_minor());
  handles_.VisitRoots(walk);
  run_.VisitRoots(walk);
  return walk.words();
}

const Function* Vm::Compiled(FunctionInstance& function) {
  if (function.compiled) return function.compiled.get();
  const Instance& instance = store_.instance(function.instance);
  bytecode::CodeCache::Entry* kept = nullptr;
  if (instance.code_cache != nullptr) {
    const auto& definitions = instance.module.module->functions;
    kept = &instance.code_cache->At(static_cast<size_t>(function.definition - definitions.data()));
    if (kept->code && !compile_budget_.Spend(kept->steps)) return nullptr;
    function.compiled = kept->code;
  }
  if (!function.compiled) {
    const uint64_t before = compile_budget_.left();
    auto compiled = bytecode::CompileFunction(instance, *function.definition, heap().layouts(),
                                              config_.fault, compile_budget_);
    if (!compiled) return nullptr;
    function.compiled = std::make_shared<const Function>(*std::move(compiled));
    if (kept != nullptr) *kept = {function.compiled, before - compile_budget_.left()};
  }
  return function.compiled.get();
}

Vm::Entered Vm::Enter(machine::FuncAddr address, std::span<const uint64_t> arguments,
                      bool is_tail) {
  FunctionInstance& function = store_.function(address);
  if (!function.is_free) {
    if (!stack_.Admits(function.weight, is_tail)) {
      run_.StopExhausted(machine::Resource::CallDepth);
      return Entered::Stopped;
    }
    if (!run_.TakeFuel(1)) return Entered::Stopped;
  }
  if (function.host != nullptr) return CallHost(function, arguments, is_tail);
  const Function* compiled = Compiled(function);
  if (compiled == nullptr) {
    run_.StopExhausted(machine::Resource::Heap);
    return Entered::Stopped;
  }
  stack_.Enter(*compiled, function.weight, arguments, is_tail);
  return Entered::Wasm;
}

Vm::Entered Vm::CallHost(const FunctionInstance& function, std::span<const uint64_t> arguments,
                         bool is_tail) {
  const auto& signature = std::get<wasm::FuncType>(types_[function.type].composite);
  const machine::HostFunction& host = *function.host;
  const size_t mark = handles_.count();
  std::array<machine::Value, 8> few;  // as most have; more are in a vector
  const size_t count = arguments.size();
  std::vector<machine::Value> many(count <= few.size() ? 0 : count);
  machine::Value* values = many.empty() ? few.data() : many.data();
  for (size_t i = 0; i < count; ++i) {
    auto value = ToValue(arguments[i], signature.params[i]);
    if (!value) {
      run_.Stop(std::move(value.error()));
      return Entered::Stopped;
    }
    values[i] = *value;
  }
  stack_.BeginHost(is_tail);
  machine::Outcome outcome = host(machine_, std::span(values, count));
  stack_.EndHost(is_tail);
  Entered entered = Entered::Stopped;
  if (auto* returned = std::get_if<machine::Returned>(&outcome)) {
    stack_.results().clear();
    for (const machine::Value& value : returned->values) stack_.results().push_back(ToWord(value));
    entered = Entered::Host;
  } else if (auto* thrown = std::get_if<machine::Thrown>(&outcome)) {
    run_.Throw(heap::Ref::FromWord(ToWord(thrown->exception)));
    run_.Stop(*thrown);
  } else if (auto* trap = std::get_if<machine::Trap>(&outcome)) {
    run_.Stop(*trap);
  } else if (auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) {
    run_.Stop(*exhausted);
  } else {
    run_.Stop(std::move(std::get<machine::Panic>(outcome)));
  }
  handles_.Release(mark);
  return entered;
}

const Op* Vm::Unwind() {
  run_.ClearStop();
  uint8_t* object = heap().Deref(run_.exception());
  if (object == nullptr) {
    objects_.StopPanic();
    return nullptr;
  }
  const heap::Header& header = heap::Heap::HeaderOf(object);
  if (static_cast<heap::ObjectKind>(header.kind) != heap::ObjectKind::Exn) {
    objects_.StopPanic(heap::PanicKind::TypeMismatch, "what was thrown is no exception");
    return nullptr;
  }
  const uint32_t tag = header.type;
  for (; !stack_.AtFloor(); stack_.Leave()) {
    const Frame& frame = stack_.top();
    const Function& function = *frame.function;
    const auto pc = static_cast<uint32_t>(frame.pc - function.ops.data());
    uint32_t index = bytecode::RegionAt(function, pc);
    for (; index != bytecode::TryRegion::kNone; index = function.regions[index].parent) {
      const bytecode::TryRegion& region = function.regions[index];
      for (const bytecode::Handler& handler :
           std::span(function.handlers).subspan(region.first, region.count)) {
        if (handler.any_tag || handler.tag == tag) return function.ops.data() + handler.landing;
      }
    }
  }
  run_.Stop(machine::Thrown{{machine::RefKind::Exn, handles_.Add(run_.TakeException())}});
  return nullptr;
}

Result<std::vector<uint64_t>, machine::Failure> Vm::Run(machine::FuncAddr function,
                                                        std::span<const uint64_t> arguments) {
  if (host_depth_ >= limits_.host_depth_max)
    return Fail(machine::Failure(machine::Exhausted{machine::Resource::CallDepth}));
  const Stack::Outer outer = stack_.BeginCall();
  ++host_depth_;
  switch (Enter(function, arguments, /*is_tail=*/false)) {
    case Entered::Wasm:
      Interpret(*this);
      break;
    case Entered::Host:
      break;
    case Entered::Stopped:
      // A host function's exception that nobody here can catch gets a handle that outlives the
      // function.
      if (run_.stopped_by_exception()) Unwind();
      break;
  }
  --host_depth_;
  stack_.EndCall(outer);
  if (run_.stopped()) return Fail(run_.TakeStop());
  return std::move(stack_.results());
}

// The word of the commonest constant expressions, which need no code.
std::optional<uint64_t> Vm::SimpleConstant(const Instance& instance, const wasm::Body& body) const {
  const wasm::Instr& instr = body.code.front();
  if (body.code.size() != 2) return std::nullopt;
  switch (instr.op) {
    case wasm::Opcode::I32Const:
    case wasm::Opcode::I64Const:
    case wasm::Opcode::F32Const:
    case wasm::Opcode::F64Const:
      return instr.bits;
    case wasm::Opcode::RefNull:
      return 0;
    case wasm::Opcode::RefFunc:
      return uint64_t{instance.functions[instr.a]} + 1;
    case wasm::Opcode::GlobalGet:
      return store_.global(instance.globals[instr.a]).word;
    default:
      return std::nullopt;
  }
}

Result<uint64_t, machine::Failure> Vm::EvaluateConstant(const Instance& instance,
                                                        const wasm::Body& body,
                                                        wasm::ValType type) {
  // Constant expressions have neither depth nor weight nor an entry's fuel (rules F2 and F5).
  if (const auto word = SimpleConstant(instance, body)) return *word;
  const auto compiled = bytecode::CompileConstant(instance, body, type, heap().layouts(),
                                                  config_.fault, compile_budget_);
  if (!compiled) return Fail(machine::Failure(machine::Exhausted{machine::Resource::Heap}));
  const Stack::Outer outer = stack_.BeginCall();
  stack_.Enter(*compiled, 0, {}, /*is_tail=*/false);
  Interpret(*this);
  stack_.EndCall(outer);
  if (run_.stopped()) return Fail(run_.TakeStop());
  return stack_.results().front();
}

std::optional<machine::FuncAddr> Vm::FunctionOf(uint64_t word) {
  if (word != 0 && word <= store_.function_count()) return static_cast<machine::FuncAddr>(word - 1);
  objects_.StopPanic(heap::PanicKind::ForeignId, fmt::format("0x{:x} in the function table", word));
  return std::nullopt;
}

bool Vm::MatchesFunction(uint64_t word, wasm::ValType type) {
  if (word == 0) return type.nullable();
  const wasm::HeapType target = type.heap();
  if (target.Is(wasm::AbstractHeap::Func)) return true;
  if (!target.is_index()) return false;
  const auto address = FunctionOf(word);
  return address && IsSubtype(types_, config_.fault, store_.function(*address).type,
                              static_cast<wasm::TypeId>(target.index()));
}

}  // namespace slabhound::exec
