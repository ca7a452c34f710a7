// Blocks and branches (spec 4.6.7 and 4.6.9).
#include <algorithm>

#include "oracle/eval.h"
#include "oracle/rules.h"

namespace slabhound::oracle {
namespace {

using machine::TrapKind;
using wasm::Instr;

struct Arity {
  uint32_t params, results;
};

Arity ArityOf(Thread& thread, wasm::BlockType type) {
  if (type.is_empty()) return {0, 0};
  if (!type.is_index()) return {0, 1};
  const wasm::FuncType& function = thread.store.FunctionType(thread.module().Type(type.index()));
  return {static_cast<uint32_t>(function.params.size()),
          static_cast<uint32_t>(function.results.size())};
}

// The position of the instruction whose rule is running.
uint32_t Here(Thread& thread) { return thread.frame().pc - 1; }

const BlockExtent& ExtentAt(Thread& thread, uint32_t position) {
  return thread.frame().function->blocks[position];
}

// A block whose label's continuation is behind its end.
Label& PushLabel(Thread& thread, const Instr& instr) {
  const Arity arity = ArityOf(thread, wasm::BlockType::FromBits(instr.a));
  CHECK(thread.values.size() >= thread.Floor() + arity.params);
  Label label;
  label.continuation = ExtentAt(thread, Here(thread)).end + 1;
  label.arity = label.results = arity.results;
  label.height = thread.values.size() - arity.params;
  thread.labels.push_back(label);
  return thread.labels.back();
}

// Each arrival at a loop header costs one unit of fuel (machine/machine.h, F2).
Step ArriveAtLoop(Thread& thread) {
  return thread.store.TakeFuel(1) ? Step::Next() : Step::Exhausted(machine::Resource::Fuel);
}

// Falling out of a block: the label goes, its results stay.
void PopLabel(Thread& thread) {
  CHECK(thread.labels.size() > thread.frame().labels);
  const Label& label = thread.labels.back();
  CHECK(thread.values.size() == label.height + label.results);
  thread.labels.pop_back();
}

}  // namespace

Step Branch(Thread& thread, uint32_t index) {
  const size_t inside = thread.labels.size() - thread.frame().labels;
  CHECK(index <= inside);
  if (index == inside) return Leave(thread);  // the function's own label
  const size_t at = thread.labels.size() - 1 - index;
  const Label label = thread.labels[at];
  CHECK(thread.values.size() >= label.height + label.arity);
  thread.values.erase(thread.values.begin() + static_cast<ptrdiff_t>(label.height),
                      thread.values.end() - static_cast<ptrdiff_t>(label.arity));
  thread.labels.resize(label.is_loop ? at + 1 : at);
  thread.frame().pc = label.continuation;
  return label.is_loop ? ArriveAtLoop(thread) : Step::Next();
}

namespace rules {

Step Unreachable(Thread&, const Instr&) { return Step::Trap(TrapKind::Unreachable); }

Step Nop(Thread&, const Instr&) { return Step::Next(); }

Step Block(Thread& thread, const Instr& instr) {
  PushLabel(thread, instr);
  return Step::Next();
}

Step Loop(Thread& thread, const Instr& instr) {
  Label& label = PushLabel(thread, instr);
  label.is_loop = true;
  label.continuation = thread.frame().pc;
  label.arity = ArityOf(thread, wasm::BlockType::FromBits(instr.a)).params;
  return ArriveAtLoop(thread);
}

Step If(Thread& thread, const Instr& instr) {
  const bool condition = thread.Pop<uint32_t>() != 0;
  const BlockExtent extent = ExtentAt(thread, Here(thread));
  if (!condition && extent.otherwise == 0) {  // an empty else: its parameters are its results
    thread.frame().pc = extent.end + 1;
    return Step::Next();
  }
  PushLabel(thread, instr);
  if (!condition) thread.frame().pc = extent.otherwise + 1;
  return Step::Next();
}

Step Else(Thread& thread, const Instr&) {  // the end of the first branch
  CHECK(thread.labels.size() > thread.frame().labels);
  thread.frame().pc = thread.labels.back().continuation;
  PopLabel(thread);
  return Step::Next();
}

Step TryTable(Thread& thread, const Instr& instr) {
  Label& label = PushLabel(thread, instr);
  label.catches_first = instr.b;
  label.catches_count = static_cast<uint32_t>(instr.bits);
  return Step::Next();
}

Step End(Thread& thread, const Instr&) {
  if (thread.labels.size() == thread.frame().labels) {
    CHECK(thread.values.size() == thread.frame().operands + thread.frame().results);
    return Leave(thread);
  }
  PopLabel(thread);
  return Step::Next();
}

Step Br(Thread& thread, const Instr& instr) { return Branch(thread, instr.a); }

Step BrIf(Thread& thread, const Instr& instr) {
  return thread.Pop<uint32_t>() != 0 ? Branch(thread, instr.a) : Step::Next();
}

Step BrTable(Thread& thread, const Instr& instr) {
  const uint32_t index = std::min(thread.Pop<uint32_t>(), instr.b);  // the default comes last
  return Branch(thread, thread.frame().body->labels[instr.a + index]);
}

}  // namespace rules
}  // namespace slabhound::oracle
