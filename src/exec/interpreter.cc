// Dispatch: one handler for each bytecode, written once in the ops_*.inc files.
//
// clang: handlers are functions that tail-call each other through a table (musttail). Other
// compilers: cases of one switch. The bodies use only the macros below:
//   OP(Name) { … }   a handler, with `vm`, `pc` and `regs` in scope
//   NEXT()           goes on with the next op
//   GOTO(op)         goes on there
//   STOP()           leaves the interpreter; vm says why
#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/check.h"
#include "exec/bulk.h"
#include "exec/faulty.h"
#include "exec/lanes.h"
#include "exec/numeric.h"
#include "exec/subtype.h"
#include "exec/vm.h"

#if defined(__clang__)
#define SLABHOUND_TAIL_CALLS 1
#else
#define SLABHOUND_TAIL_CALLS 0
#endif

namespace slabhound::exec {
namespace {

using bytecode::Code;
using bytecode::kCodeCount;

#define A regs[pc->a]
#define B regs[pc->b]
#define C regs[pc->c]

// Stops the run with a trap.
#define TRAP(kind)                              \
  do {                                          \
    vm.run().StopTrap(machine::TrapKind::kind); \
    STOP();                                     \
  } while (false)

// Operands of numeric handlers: x, and y where there are two.
#define UNARY(name, type, read, expression) \
  OP(name) {                                \
    const type x = read(B);                 \
    A = (expression);                       \
    NEXT();                                 \
  }
#define BINARY(name, type, read, expression) \
  OP(name) {                                 \
    const type x = read(B), y = read(C);     \
    A = (expression);                        \
    NEXT();                                  \
  }

template <typename T>
T Int(uint64_t word) {
  return static_cast<T>(word);
}

// Whether a memory access of `size` bytes is in bounds, and where it starts.
inline bool Starts(const machine::LinearMemory& bytes, const Op* pc, uint64_t base, uint64_t size,
                   uint64_t& start) {
  uint64_t end;
  return !__builtin_add_overflow(base, pc->imm, &start) &&
         !__builtin_add_overflow(start, size, &end) && end <= bytes.size();
}
// Its bytes, to read or to write; nullptr: out of bounds.
inline const uint8_t* Readable(Vm& vm, const Op* pc, uint64_t base, uint64_t size) {
  const machine::LinearMemory& bytes = vm.store().memory(pc->c).bytes;
  uint64_t start;
  return Starts(bytes, pc, base, size, start) ? bytes.data() + start : nullptr;
}
inline uint8_t* Writable(Vm& vm, const Op* pc, uint64_t base, uint64_t size) {
  machine::LinearMemory& bytes = vm.store().memory(pc->c).bytes;
  uint64_t start;
  return Starts(bytes, pc, base, size, start) ? bytes.Writable(start, size) : nullptr;
}

// The element at an index of an array; nullptr: stopped.
[[gnu::noinline]] uint8_t* CheckedElement(Vm& vm, const Op* pc, uint64_t array, uint64_t index,
                                          uint32_t size) {
  if (array == 0) {
    vm.run().StopTrap(machine::TrapKind::NullArrayReference);
    return nullptr;
  }
  uint8_t* object =
      vm.objects().Access(heap::Ref::FromWord(array), static_cast<wasm::TypeId>(pc->imm >> 32));
  if (object == nullptr) return nullptr;
  if (index >= heap::Heap::HeaderOf(object).length) {
    vm.run().StopTrap(machine::TrapKind::ArrayOutOfBounds);
    return nullptr;
  }
  return object + heap::kHeaderBytes + index * size;
}
inline uint8_t* Element(Vm& vm, const Op* pc, uint64_t array, uint64_t index, uint32_t size) {
  uint8_t* object = vm.objects().AccessExact(heap::Ref::FromWord(array), heap::ObjectKind::Array,
                                             static_cast<wasm::TypeId>(pc->imm >> 32));
  if (object == nullptr || index >= heap::Heap::HeaderOf(object).length) [[unlikely]]
    return CheckedElement(vm, pc, array, index, size);
  return object + heap::kHeaderBytes + index * size;
}

// The field of a struct; nullptr: stopped.
[[gnu::noinline]] uint8_t* CheckedField(Vm& vm, const Op* pc, uint64_t structure) {
  if (structure == 0) {
    vm.run().StopTrap(machine::TrapKind::NullStructReference);
    return nullptr;
  }
  uint8_t* object =
      vm.objects().Access(heap::Ref::FromWord(structure), static_cast<wasm::TypeId>(pc->c));
  return object == nullptr ? nullptr : object + pc->imm;
}
inline uint8_t* Field(Vm& vm, const Op* pc, uint64_t structure) {
  uint8_t* object = vm.objects().AccessExact(
      heap::Ref::FromWord(structure), heap::ObjectKind::Struct, static_cast<wasm::TypeId>(pc->c));
  if (object == nullptr) [[unlikely]]
    return CheckedField(vm, pc, structure);
  return object + pc->imm;
}

// Hands results to the caller of the frame that just ended, or to the embedder; where to go on, or
// nullptr.
const Op* Deliver(Stack& stack, std::span<const uint64_t> results) {
  stack.Leave();
  if (stack.AtFloor()) {
    if (results.data() != stack.results().data())
      stack.results().assign(results.begin(), results.end());
    return nullptr;
  }
  const Op* call = stack.top().pc;
  stack.Define(*call, results);
  return call + 1;
}

// A return: its list are the results.
const Op* Return(Vm& vm, const Op* pc, const uint64_t* regs) {
  return Deliver(vm.stack(), vm.stack().Stage(*pc, regs));
}

// Any call: where to go on, or nullptr when the interpreter is left.
const Op* Invoke(Vm& vm, const Op* pc, const uint64_t* regs, machine::FuncAddr function,
                 bool is_tail) {
  Stack& stack = vm.stack();
  stack.set_pc(pc);
  switch (vm.Enter(function, stack.Stage(*pc, regs), is_tail)) {
    case Vm::Entered::Wasm:
      return stack.top().pc;
    case Vm::Entered::Host:
      if (is_tail) return Deliver(stack, stack.results());
      stack.Define(*pc, stack.results());
      return pc + 1;
    case Vm::Entered::Stopped:
      break;
  }
  if (!vm.run().stopped_by_exception()) return nullptr;
  // The caller's frame is gone for a tail call: its handlers do not see the exception.
  if (is_tail) stack.Leave();
  return vm.Unwind();
}

// A call of a function that was compiled before and is no tail call, where nothing is in its way:
// where to go on, in the window that `regs` is then. nullptr: Invoke tells.
[[gnu::always_inline]] inline const Op* QuickCall(Vm& vm, const Op* pc, uint64_t*& regs,
                                                  machine::FuncAddr address) {
  const FunctionInstance& function = vm.store().function(address);
  const Function* callee = function.compiled.get();
  Stack& stack = vm.stack();
  if (callee == nullptr || vm.objects().has_safepoints() ||
      !stack.Admits(function.weight, /*is_tail=*/false) || !stack.HasRoomAbove(regs, *callee) ||
      vm.run().fuel() == 0) {
    return nullptr;
  }
  vm.run().TakeFuel(1);
  regs = stack.Call(*pc, regs, *callee, function.weight);
  Entered(vm);
  return callee->ops.data() + 1;  // behind the Entry, which is for safepoints
}

// Where a branch goes on. A loop's header costs fuel, and is come to itself only where there is
// more to do.
[[gnu::always_inline]] inline const Op* BranchTarget(Vm& vm, const Op* pc) {
  const auto distance = static_cast<int64_t>(pc->imm);
  const Op* target = pc + distance;
  if (distance >= 0 || vm.objects().has_safepoints() || vm.run().fuel() == 0) return target;
  vm.run().TakeFuel(1);
  return target + 1;
}

// The callee of an indirect call by table or reference; nothing: trapped.
std::optional<machine::FuncAddr> CalleeInTable(Vm& vm, const Op* pc, uint64_t index) {
  const TableInstance& table = vm.store().table(pc->c);
  if (index >= table.words.size()) {
    vm.run().StopTrap(machine::TrapKind::UndefinedElement);
    return std::nullopt;
  }
  if (table.words[index] == 0) {
    vm.run().StopTrap(machine::TrapKind::UninitializedElement);
    return std::nullopt;
  }
  const auto function = vm.FunctionOf(table.words[index]);
  if (function && !IsSubtype(vm.types(), vm.config().fault, vm.store().function(*function).type,
                             static_cast<wasm::TypeId>(pc->b))) {
    vm.run().StopTrap(machine::TrapKind::IndirectCallTypeMismatch);
    return std::nullopt;
  }
  return function;
}

std::optional<machine::FuncAddr> CalleeOf(Vm& vm, const Op* pc, uint64_t word) {
  if (word == 0) {
    vm.run().StopTrap(machine::TrapKind::NullFunctionReference);
    return std::nullopt;
  }
  const auto function = vm.FunctionOf(word);
  if (function && !IsSubtype(vm.types(), vm.config().fault, vm.store().function(*function).type,
                             static_cast<wasm::TypeId>(pc->b))) {
    vm.objects().StopPanic(heap::PanicKind::TypeMismatch,
                           "a function of another type than call_ref was promised");
    return std::nullopt;
  }
  return function;
}

#if SLABHOUND_TAIL_CALLS

// Where the convention is known a handler saves no registers, and its arguments stay where they are
// over a call. AddressSanitizer's frames are realigned, which clang cannot do with it.
#if __has_cpp_attribute(clang::preserve_none) && !__has_feature(address_sanitizer)
#define SLABHOUND_HANDLER __attribute__((preserve_none))
#else
#define SLABHOUND_HANDLER
#endif

using HandlerFunction = SLABHOUND_HANDLER void (*)(Vm&, const Op*, uint64_t*);
extern const HandlerFunction kHandlers[kCodeCount];

// Bytecodes without a handler of their own never occur.
template <Code code>
struct OpHandler {
  SLABHOUND_HANDLER static void Run(Vm&, const Op*, uint64_t*) { UNREACHABLE(); }
};

#define OP(name)                                                             \
  template <>                                                                \
  struct OpHandler<Code::name> {                                             \
    SLABHOUND_HANDLER static void Run(Vm& vm, const Op* pc, uint64_t* regs); \
  };                                                                         \
  SLABHOUND_HANDLER void OpHandler<Code::name>::Run(                         \
      [[maybe_unused]] Vm& vm, [[maybe_unused]] const Op* pc, [[maybe_unused]] uint64_t* regs)
#define GOTO(target)                                                                         \
  do {                                                                                       \
    const Op* go_on = (target);                                                              \
    [[clang::musttail]] return kHandlers[static_cast<size_t>(go_on->code)](vm, go_on, regs); \
  } while (false)
#define NEXT() GOTO(pc + 1)
#define STOP() return

#include "exec/ops_control.inc"
#include "exec/ops_numeric.inc"
#include "exec/ops_object.inc"
#include "exec/ops_store.inc"
#include "exec/ops_vector.inc"

const HandlerFunction kHandlers[kCodeCount] = {
#define SLABHOUND_OP(name, ...) OpHandler<Code::name>::Run,
#include "wasm/opcodes.def"
#define SLABHOUND_BYTECODE(name, ...) OpHandler<Code::name>::Run,
#include "bytecode/bytecode.def"
};

void Dispatch(Vm& vm, const Op* pc, uint64_t* regs) {
  kHandlers[static_cast<size_t>(pc->code)](vm, pc, regs);
}

#else

void Dispatch(Vm& vm, const Op* pc, uint64_t* regs) {
#define OP(name) case Code::name:
#define GOTO(target) \
  {                  \
    pc = (target);   \
    goto dispatch;   \
  }
#define NEXT() GOTO(pc + 1)
#define STOP() return
dispatch:
  switch (pc->code) {
#include "exec/ops_control.inc"
#include "exec/ops_numeric.inc"
#include "exec/ops_object.inc"
#include "exec/ops_store.inc"
#include "exec/ops_vector.inc"
    default:
      UNREACHABLE();
  }
}

#endif

}  // namespace

void Interpret(Vm& vm) { Dispatch(vm, vm.stack().top().pc, vm.stack().window()); }

}  // namespace slabhound::exec
