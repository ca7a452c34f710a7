#include "exec/stack.h"

#include <algorithm>

namespace slabhound::exec {

std::span<const uint64_t> Stack::Stage(const Op& op, const uint64_t* window) {
  const uint32_t* operands = List(op);
  staged_.clear();
  for (uint32_t i = 0; i < op.uses; ++i)
    staged_.push_back(window[bytecode::ListRegister(operands[i])]);
  return staged_;
}

void Stack::Define(const Op& op, std::span<const uint64_t> words) {
  const uint32_t* operands = List(op) + op.uses;
  uint64_t* to = window();
  for (uint32_t i = 0; i < op.defs; ++i) to[bytecode::ListRegister(operands[i])] = words[i];
}

void Stack::Enter(const Function& function, uint64_t weight, std::span<const uint64_t> arguments,
                  bool is_tail) {
  Frame frame{.function = &function, .pc = function.ops.data(), .base = 0, .weight = weight};
  if (is_tail) {
    frame.base = frames_.back().base;
#if SLABHOUND_FAULTS
    frame.tagged_count = frames_.back().function->param_count;
#endif
    weight_ -= frames_.back().weight;
    frames_.back() = frame;
  } else {
    if (!frames_.empty())
      frame.base = frames_.back().base + frames_.back().function->register_count;
    frames_.push_back(frame);
    ++depth_;
  }
  weight_ += weight;
  const size_t needed = frame.base + function.register_count;
  if (registers_.size() < needed) registers_.resize(std::max(needed, registers_.size() * 2));
  uint64_t* to = registers_.data() + frame.base;
  std::copy(arguments.begin(), arguments.end(), to);
  std::fill(to + function.param_count, to + function.local_count, 0);
}

void Stack::BeginHost(bool is_tail) {
  if (is_tail) {
    weight_ -= frames_.back().weight;
    frames_.back().weight = 0;
  } else {
    ++depth_;
  }
}

Stack::Outer Stack::BeginCall() {
  const Outer outer{floor_, depth_, weight_};
  floor_ = frames_.size();
  return outer;
}

void Stack::EndCall(const Outer& outer) {
  frames_.resize(floor_);
  floor_ = outer.floor;
  depth_ = outer.depth;
  weight_ = outer.weight;
}

#if SLABHOUND_FAULTS
bool Stack::IsMissed(const Frame& frame, uint32_t reg) const {
  using heap::Fault;
  const heap::Ref ref = heap::Ref::FromWord(registers_[frame.base + reg]);
  if (ref.is_null() || ref.is_i31()) return false;
  const bool waits = bytecode::Info(frame.pc->code).effect == 'C';
  const bool is_param = reg < frame.function->param_count && frame.tagged_count != UINT32_MAX;
  return (waits &&
          heap::Active(fault_, Fault::RootOperandUnderCall, reg >= frame.function->local_count)) ||
         (is_param && heap::Active(fault_, Fault::RootTailCallArgs, reg >= frame.tagged_count));
}
#endif

void Stack::VisitRoots(RootWalk& walk) {
  for (const Frame& frame : frames_) {
    const bytecode::StackMap map = frame.function->maps[frame.pc->map];
    for (uint32_t i = 0; i < map.count; ++i) {
      const uint32_t reg = frame.function->map_registers[map.first + i];
      if constexpr (SLABHOUND_FAULTS != 0) {
        if (IsMissed(frame, reg)) continue;
      }
      walk.Visit(registers_[frame.base + reg]);
    }
  }
}

}  // namespace slabhound::exec
