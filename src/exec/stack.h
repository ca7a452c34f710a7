// Stack: frames, their registers, and what counts them (rules F4 and F5 of machine/machine.h).
//
// 1. A frame's registers are a window of the stack's; a callee's window starts where its caller's
//    ends. Entering a frame may move all of them.
// 2. While anything that may collect runs, the `pc` of every frame stands at a safepoint op: its
//    stack map says which registers are roots. The top frame's is at an Entry, LoopHeader or
//    allocation, all others at their call.
// 3. Frames below the floor belong to outer embedder calls: nothing unwinds them.
// 4. Arguments and results on their way between windows are no roots: nothing collects meanwhile.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "bytecode/bytecode.h"
#include "exec/root_walk.h"
#include "heap/active_fault.h"
#include "machine/machine.h"

namespace slabhound::exec {

using bytecode::Function;
using bytecode::Op;

struct Frame {
  const Function* function = nullptr;
  const Op* pc = nullptr;
  size_t base = 0;
  uint64_t weight = 0;
#if SLABHOUND_FAULTS
  uint32_t tagged_count = UINT32_MAX;  // of its parameters, where a tail call forgot the others
#endif
};

class Stack {
 public:
  Stack(const machine::Limits& limits, heap::Fault fault)
      : fault_(fault), depth_max_(limits.call_depth_max), weight_max_(limits.stack_weight_max) {}

  // The top frame.
  const Frame& top() const { return frames_.back(); }
  const Function& function() const { return *frames_.back().function; }
  uint64_t* window() { return registers_.data() + frames_.back().base; }
  void set_pc(const Op* pc) { frames_.back().pc = pc; }
  bool AtFloor() const { return frames_.size() == floor_; }
  // The operands behind an op's own: uses, then definitions.
  const uint32_t* List(const Op& op) const { return function().operands.data() + op.list; }

  // A call's arguments, out of the window they stand in.
  std::span<const uint64_t> Stage(const Op& op, const uint64_t* window);
  // A call's or catch's results, as registers of the top window.
  void Define(const Op& op, std::span<const uint64_t> words);

  // Whether limits admit a function of this weight; a tail call gives up its caller's place first.
  bool Admits(uint64_t weight, bool is_tail) const {
    const uint32_t depth = depth_ - (is_tail ? 1 : 0);
    const uint64_t held = weight_ - (is_tail ? frames_.back().weight : 0);
    return depth < depth_max_ && held + weight <= weight_max_;
  }
  // Arguments must not be registers.
  void Enter(const Function& function, uint64_t weight, std::span<const uint64_t> arguments,
             bool is_tail);
  void Leave() {
    --depth_;
    weight_ -= frames_.back().weight;
    frames_.pop_back();
  }

  // The same in one step where windows need not move, with nothing staged. Each returns the window
  // that is on top then.
  bool HasRoomAbove(const uint64_t* window, const Function& callee) const {
    return window + function().register_count + callee.register_count <=
           registers_.data() + registers_.size();
  }
  // A call of a Wasm function that is no tail call. Requires: Admits, HasRoomAbove.
  uint64_t* Call(const Op& call, const uint64_t* window, const Function& callee, uint64_t weight);
  // Whether the top frame was called by the one below, and not by the embedder.
  bool HasCaller() const { return frames_.size() > floor_ + 1; }
  // A return to that frame.
  uint64_t* Return(const Op& from, const uint64_t* window);

  // Around a host function, which has depth but no frame.
  void BeginHost(bool is_tail);
  void EndHost(bool is_tail) { depth_ -= is_tail ? 0 : 1; }

  // An embedder call: its frames stand above a floor of their own, and are gone when it ends.
  struct Outer {
    size_t floor;
    uint32_t depth;
    uint64_t weight;
  };
  Outer BeginCall();
  void EndCall(const Outer& outer);

  // What came out of the last frame at the floor, or of a host function.
  std::vector<uint64_t>& results() { return results_; }

  void VisitRoots(RootWalk& walk);

 private:
  // The faults: whether a root of a frame, a reference, is not seen.
  bool IsMissed(const Frame& frame, uint32_t reg) const;

  [[maybe_unused]] heap::Fault fault_;
  uint32_t depth_max_;
  uint64_t weight_max_;
  std::vector<uint64_t> registers_;
  std::vector<Frame> frames_;
  size_t floor_ = 0;
  uint32_t depth_ = 0;
  uint64_t weight_ = 0;
  std::vector<uint64_t> staged_, results_;
};

inline uint64_t* Stack::Call(const Op& call, const uint64_t* window, const Function& callee,
                             uint64_t weight) {
  Frame& caller = frames_.back();
  caller.pc = &call;
  const size_t base = caller.base + caller.function->register_count;
  const uint32_t* operands = caller.function->operands.data() + call.list;
  uint64_t* to = registers_.data() + base;
  for (uint32_t i = 0; i < call.uses; ++i) to[i] = window[bytecode::ListRegister(operands[i])];
  if (callee.local_count > callee.param_count) {
    std::fill(to + callee.param_count, to + callee.local_count, 0);
  }
  // Field by field: a frame that is made elsewhere first is read before it was written whole.
  Frame& frame = frames_.emplace_back();
  frame.function = &callee;
  frame.pc = callee.ops.data();
  frame.base = base;
  frame.weight = weight;
  ++depth_;
  weight_ += weight;
  return to;
}

inline uint64_t* Stack::Return(const Op& from, const uint64_t* window) {
  const uint32_t* results = List(from);
  Leave();
  const Frame& caller = frames_.back();
  const uint32_t* operands = caller.function->operands.data() + caller.pc->list + caller.pc->uses;
  uint64_t* to = registers_.data() + caller.base;
  for (uint32_t i = 0; i < caller.pc->defs; ++i) {
    to[bytecode::ListRegister(operands[i])] = window[bytecode::ListRegister(results[i])];
  }
  return to;
}

}  // namespace slabhound::exec
