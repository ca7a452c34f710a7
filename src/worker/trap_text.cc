#include "worker/trap_text.h"

#include <array>

namespace slabhound::worker {
namespace {

struct Row {
  engine::EngineKind engine;
  std::string_view start;
  trace::TrapSet traps;
};

constexpr auto kRows = [] {
  using enum machine::TrapKind;
  return std::to_array<Row>({
#define SLABHOUND_TRAP_TEXT(of, start, ...) \
  {engine::EngineKind::of, start, trace::TrapSet{__VA_ARGS__}},
#include "worker/trap_texts.def"
  });
}();

}  // namespace

trace::TrapSet TrapsOf(engine::EngineKind engine, std::string_view message) {
  for (const Row& row : kRows) {
    if (row.engine == engine && message.starts_with(row.start)) return row.traps;
  }
  return trace::TrapSet::Any();
}

trace::TrapSet TrapsOf(engine::EngineKind engine, const WorkerStep& step) {
  return step.kind.empty() ? TrapsOf(engine, step.message) : trace::ParseTraps(step.kind);
}

}  // namespace slabhound::worker
