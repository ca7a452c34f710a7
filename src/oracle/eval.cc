#include "oracle/eval.h"

#include <array>

#include "oracle/rules.h"

namespace slabhound::oracle {
namespace {

using Rule = Step (*)(Thread&, const wasm::Instr&);

Step Needs(Thread&, const wasm::Instr& instr) { return Step::Needs(instr.op); }

constexpr std::array<Rule, wasm::kOpcodeCount> kRules = {
#define SLABHOUND_OP(name, ...) &rules::name,
#define SLABHOUND_OP_NOT_RUN(...) &Needs,
#include "wasm/opcodes.def"
};

}  // namespace

Step Run(Thread& thread) {
  CHECK(thread.frames.size() > thread.base_frame);
  for (;;) {
    Frame& frame = thread.frame();
    const wasm::Instr& instr = frame.body->code[frame.pc++];
    Step step = kRules[static_cast<size_t>(instr.op)](thread, instr);
    if (step.kind() == Step::Kind::Throw) step = Catch(thread);
    if (!step.is_next()) return step;
  }
}

Result<Value, Step> EvaluateConstant(Thread& thread, ModuleInst& module, const wasm::Body& body) {
  const Activation activation(thread);
  Frame frame;
  frame.module = &module;
  frame.body = &body;
  frame.results = 1;
  frame.locals = frame.operands = thread.values.size();
  frame.labels = thread.labels.size();
  thread.frames.push_back(frame);
  const Step step = Run(thread);
  if (step.kind() != Step::Kind::Done) return Fail(step);
  return thread.Pop();
}

Activation::Activation(Thread& thread)
    : thread_(thread),
      outer_frame_(thread.base_frame),
      outer_value_(thread.base_value),
      labels_(thread.labels.size()),
      frames_(thread.frames.size()),
      values_(thread.values.size()),
      depth_(thread.depth),
      weight_(thread.weight) {
  thread.base_frame = frames_;
  thread.base_value = values_;
}

Activation::~Activation() {
  thread_.values.resize(values_);
  thread_.frames.resize(frames_);
  thread_.labels.resize(labels_);
  thread_.depth = depth_;
  thread_.weight = weight_;
  thread_.base_frame = outer_frame_;
  thread_.base_value = outer_value_;
}

}  // namespace slabhound::oracle
