// Execution: running a thread, entering functions, branching, constant expressions.
#pragma once

#include "oracle/thread.h"

namespace slabhound::oracle {

// Runs the top activation until its outermost function has returned (Done, results on the stack) or
// something ends it; then the activation's frames are the caller's to drop.
Step Run(Thread& thread);

// Calls the function whose arguments are on the stack: a Wasm function gets a frame, a host
// function runs to its end and leaves its results (spec 4.6.10, invocation). Next or Done, or why
// not.
Step Enter(Thread& thread, machine::FuncAddr address);
// Likewise, with the arguments' frame replaced (spec 4.6.10, return_invoke).
Step TailEnter(Thread& thread, machine::FuncAddr address);

// Returns from the top frame with its results (spec 4.6.10).
Step Leave(Thread& thread);

// Branches to the label, counted from the innermost (spec 4.6.7, br).
Step Branch(Thread& thread, uint32_t label);

// Unwinds to the innermost handler of Thread::exception in this activation (spec 4.6.8). Throw:
// there is none.
Step Catch(Thread& thread);

// Evaluates a constant expression of the module (spec 4.6.12), or says why it cannot.
Result<Value, Step> EvaluateConstant(Thread& thread, ModuleInst& module, const wasm::Body& body);

// One activation on a thread: remembers where it began, and drops what is above when it ends.
class Activation {
 public:
  explicit Activation(Thread& thread);
  ~Activation();
  Activation(const Activation&) = delete;
  Activation& operator=(const Activation&) = delete;

 private:
  Thread& thread_;
  const size_t outer_frame_, outer_value_, labels_;
  const size_t frames_, values_;
  const uint32_t depth_;
  const uint64_t weight_;
};

}  // namespace slabhound::oracle
