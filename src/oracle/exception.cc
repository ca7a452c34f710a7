// Exceptions (spec 4.6.8): throwing, and the search for a handler.
#include "oracle/eval.h"
#include "oracle/rules.h"

namespace slabhound::oracle {
namespace {

using wasm::CatchClause;
using wasm::CatchKind;
using wasm::Instr;

// The clause of a try_table that catches an exception with this tag, if any.
const CatchClause* FindClause(Thread& thread, const Label& label, machine::TagAddr tag) {
  const Frame& frame = thread.frame();
  for (uint32_t i = 0; i < label.catches_count; ++i) {
    const CatchClause& clause = frame.body->catches[label.catches_first + i];
    const bool any = clause.kind == CatchKind::CatchAll || clause.kind == CatchKind::CatchAllRef;
    if (any || frame.module->tags[clause.tag] == tag) return &clause;
  }
  return nullptr;
}

// Drops the topmost frame, with nothing returned.
void DropFrame(Thread& thread) {
  const Frame& frame = thread.frame();
  if (frame.function != nullptr) --thread.depth;
  thread.weight -= frame.weight;
  thread.values.resize(frame.locals);
  CHECK(thread.labels.size() == frame.labels);
  thread.frames.pop_back();
}

}  // namespace

Step Catch(Thread& thread) {
  const Value exception = thread.exception;
  const Object& object = thread.store.At(exception);
  while (thread.frames.size() > thread.base_frame) {
    if (thread.labels.size() == thread.frame().labels) {
      DropFrame(thread);
      continue;
    }
    const Label label = thread.labels.back();
    thread.labels.pop_back();
    const CatchClause* clause = FindClause(thread, label, object.tag);
    if (clause == nullptr) continue;
    thread.values.resize(label.height);
    const bool payload = clause->kind == CatchKind::Catch || clause->kind == CatchKind::CatchRef;
    const bool reference =
        clause->kind == CatchKind::CatchRef || clause->kind == CatchKind::CatchAllRef;
    if (payload) {
      for (const Value& value : object.values) thread.Push(value);
    }
    if (reference) thread.Push(exception);
    return Branch(thread, clause->label);  // labels count from outside the try_table
  }
  return Step::Throw();
}

namespace rules {

Step Throw(Thread& thread, const Instr& instr) {
  Object object;
  object.kind = ValueKind::Exn;
  object.tag = thread.module().tags[instr.a];
  const auto& params = thread.store.FunctionType(thread.store.tags[object.tag].type).params;
  STEP(thread.TakeHeap(Object::Footprint(params.size(), 0)));
  object.values.resize(params.size());
  for (size_t i = params.size(); i-- > 0;) {
    object.values[i] = thread.Pop();
    CHECK(HasType(thread.store, object.values[i], params[i]));
  }
  thread.exception = thread.store.Add(std::move(object));
  return Step::Throw();
}

Step ThrowRef(Thread& thread, const Instr&) {
  const Value exception = thread.PopRef();
  if (exception.is_null()) return Step::Trap(machine::TrapKind::NullExceptionReference);
  CHECK(exception.kind() == ValueKind::Exn);
  thread.exception = exception;
  return Step::Throw();
}

}  // namespace rules
}  // namespace slabhound::oracle
