// Function calls (spec 4.6.10): entering, leaving, and the call instructions.
#include "oracle/eval.h"
#include "oracle/rules.h"

namespace slabhound::oracle {
namespace {

using machine::Resource;
using machine::TrapKind;
using wasm::Instr;

uint64_t WeightOf(const Store& store, const FuncInst& function) {
  if (function.is_host()) return 0;
  return store.FunctionType(function.type).params.size() + function.function->locals.size() +
         function.function->body.code.size();
}

// Depth, then fuel (machine/machine.h, F1, F4 and F5). `given_up` is the weight of a frame that
// goes.
Step AdmitCall(Thread& thread, uint64_t weight, bool deeper, uint64_t given_up) {
  const machine::Limits& limits = thread.store.limits;
  if (deeper && thread.depth >= limits.call_depth_max) return Step::Exhausted(Resource::CallDepth);
  if (thread.weight - given_up + weight > limits.stack_weight_max) {
    return Step::Exhausted(Resource::CallDepth);
  }
  return thread.store.TakeFuel(1) ? Step::Next() : Step::Exhausted(Resource::Fuel);
}

void CheckTypes(const Thread& thread, std::span<const wasm::ValType> types) {
  CHECK(thread.values.size() >= thread.Floor() + types.size());
  const Value* first = thread.values.data() + (thread.values.size() - types.size());
  for (size_t i = 0; i < types.size(); ++i) CHECK(HasType(thread.store, first[i], types[i]));
}

// The arguments are the topmost values and become the first locals.
void PushFrame(Thread& thread, FuncInst& function, uint64_t weight) {
  const size_t params = thread.store.FunctionType(function.type).params.size();
  const wasm::Function& code = *function.function;
  if (function.blocks.empty()) function.blocks = MapBlocks(code.body);
  Frame frame;
  frame.module = function.module;
  frame.body = &code.body;
  frame.function = &function;
  frame.results = static_cast<uint32_t>(thread.store.FunctionType(function.type).results.size());
  frame.weight = weight;
  frame.locals = thread.values.size() - params;
  for (const wasm::ValType type : code.locals) {
    thread.Push(DefaultValue(thread.store, function.module->valid.Canonical(type)));
  }
  frame.operands = thread.values.size();
  frame.labels = thread.labels.size();
  thread.frames.push_back(frame);
  ++thread.depth;
  thread.weight += weight;
}

Step HostFailure(Thread& thread, machine::Outcome outcome) {
  if (const auto* trap = std::get_if<machine::Trap>(&outcome)) return Step::Trap(trap->kind);
  if (const auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) {
    return exhausted->resource == Resource::Instruction ? Step::Needs(exhausted->needs)
                                                        : Step::Exhausted(exhausted->resource);
  }
  if (const auto* thrown = std::get_if<machine::Thrown>(&outcome)) {
    thread.exception = thread.handles.In(
        thrown->exception, wasm::ValType::Ref(wasm::AbstractHeap::Exn, /*nullable=*/false));
    return Step::Throw();
  }
  auto* panic = std::get_if<machine::Panic>(&outcome);
  CHECK(panic != nullptr);
  thread.panic = std::move(*panic);
  return Step::Panic();
}

// The type is looked up again after the host function ran: it may have made the type store grow.
Step CallHost(Thread& thread, const FuncInst& function) {
  const auto& params = thread.store.FunctionType(function.type).params;
  std::vector<machine::Value> arguments;
  arguments.reserve(params.size());
  const size_t first = thread.values.size() - params.size();
  const size_t mark = thread.handles.Mark();
  for (size_t i = 0; i < params.size(); ++i) {
    arguments.push_back(thread.handles.Out(thread.values[first + i], params[i]));
  }
  thread.values.resize(first);
  ++thread.depth;
  machine::Outcome outcome = thread.store.host_functions[function.host](thread.machine, arguments);
  --thread.depth;
  const auto* returned = std::get_if<machine::Returned>(&outcome);
  if (returned == nullptr) {
    const Step failure = HostFailure(thread, std::move(outcome));
    thread.handles.Release(mark);
    return failure;
  }
  const auto& results = thread.store.FunctionType(function.type).results;
  CHECK(returned->values.size() == results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    thread.Push(thread.handles.In(returned->values[i], results[i]));
  }
  thread.handles.Release(mark);
  return Step::Next();
}

// The callee of call_ref and return_call_ref.
Result<machine::FuncAddr, Step> PopCallee(Thread& thread, const Instr& instr) {
  const Value callee = thread.PopRef();
  if (callee.is_null()) return Fail(Step::Trap(TrapKind::NullFunctionReference));
  CHECK(callee.kind() == ValueKind::Func);
  CHECK(thread.store.types.IsSubtype(thread.store.functions[callee.payload()].type,
                                     thread.module().Type(instr.a)));
  return callee.payload();
}

// The callee of call_indirect and return_call_indirect.
Result<machine::FuncAddr, Step> PopIndirectCallee(Thread& thread, const Instr& instr) {
  const TableInst& table = thread.store.tables[thread.module().tables[instr.b]];
  const uint64_t index = thread.PopAddress(table.type.limits.is_64);
  if (index >= table.elements.size()) return Fail(Step::Trap(TrapKind::UndefinedElement));
  const Value& callee = table.elements[index];
  if (callee.is_null()) return Fail(Step::Trap(TrapKind::UninitializedElement));
  CHECK(callee.kind() == ValueKind::Func);
  if (!thread.store.types.IsSubtype(thread.store.functions[callee.payload()].type,
                                    thread.module().Type(instr.a))) {
    return Fail(Step::Trap(TrapKind::IndirectCallTypeMismatch));
  }
  return callee.payload();
}

}  // namespace

Step Enter(Thread& thread, machine::FuncAddr address) {
  FuncInst& function = thread.store.functions[address];
  const uint64_t weight = WeightOf(thread.store, function);
  if (!function.is_free) STEP(AdmitCall(thread, weight, /*deeper=*/true, /*given_up=*/0));
  CheckTypes(thread, thread.store.FunctionType(function.type).params);
  if (function.is_host()) return CallHost(thread, function);
  PushFrame(thread, function, weight);
  return Step::Next();
}

Step TailEnter(Thread& thread, machine::FuncAddr address) {
  FuncInst& function = thread.store.functions[address];
  const Frame frame = thread.frame();
  const uint64_t weight = WeightOf(thread.store, function);
  if (!function.is_free) STEP(AdmitCall(thread, weight, /*deeper=*/false, frame.weight));
  const std::vector<wasm::ValType>& params = thread.store.FunctionType(function.type).params;
  CheckTypes(thread, params);
  thread.values.erase(thread.values.begin() + static_cast<ptrdiff_t>(frame.locals),
                      thread.values.end() - static_cast<ptrdiff_t>(params.size()));
  thread.labels.resize(frame.labels);
  thread.frames.pop_back();
  --thread.depth;
  thread.weight -= frame.weight;
  if (!function.is_host()) {
    PushFrame(thread, function, weight);
    return Step::Next();
  }
  STEP(CallHost(thread, function));
  return thread.frames.size() == thread.base_frame ? Step::Done() : Step::Next();
}

Step Leave(Thread& thread) {
  const Frame frame = thread.frame();
  CHECK(thread.values.size() >= frame.operands + frame.results);
  if (frame.function != nullptr) {
    CheckTypes(thread, thread.store.FunctionType(frame.function->type).results);
    --thread.depth;
    thread.weight -= frame.weight;
  }
  thread.values.erase(thread.values.begin() + static_cast<ptrdiff_t>(frame.locals),
                      thread.values.end() - static_cast<ptrdiff_t>(frame.results));
  thread.labels.resize(frame.labels);
  thread.frames.pop_back();
  return thread.frames.size() == thread.base_frame ? Step::Done() : Step::Next();
}

// Into a callee that was found, or the step that finding it ended in.
template <Step enter(Thread&, machine::FuncAddr)>
static Step Into(Thread& thread, const Result<machine::FuncAddr, Step>& callee) {
  return callee ? enter(thread, *callee) : callee.error();
}

namespace rules {

Step Return(Thread& thread, const Instr&) { return Leave(thread); }

Step Call(Thread& thread, const Instr& instr) {
  return Enter(thread, thread.module().functions[instr.a]);
}

Step CallRef(Thread& thread, const Instr& instr) {
  return Into<Enter>(thread, PopCallee(thread, instr));
}

Step CallIndirect(Thread& thread, const Instr& instr) {
  return Into<Enter>(thread, PopIndirectCallee(thread, instr));
}

Step ReturnCall(Thread& thread, const Instr& instr) {
  return TailEnter(thread, thread.module().functions[instr.a]);
}

Step ReturnCallRef(Thread& thread, const Instr& instr) {
  return Into<TailEnter>(thread, PopCallee(thread, instr));
}

Step ReturnCallIndirect(Thread& thread, const Instr& instr) {
  return Into<TailEnter>(thread, PopIndirectCallee(thread, instr));
}

}  // namespace rules
}  // namespace slabhound::oracle
