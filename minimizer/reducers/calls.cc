#include <algorithm>
#include <optional>
#include <vector>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"

namespace slabhound::minimizer {
namespace {

using testcase::TestCase;
using wasm::Opcode;

// Later calls first: what shows a finding ends the useful part of the plan.
bool DropCalls(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  const size_t count = base.plan.calls.size();
  // Whatever size has its turn: a call keeps its export.
  const uint64_t weight = std::max<uint64_t>(1, reduction.round().bytes_min);
  return TrySubsets(reduction, count, weight, [&](const std::vector<size_t>& dropped) {
    testcase::TestCase candidate = base;
    candidate.plan.calls.clear();
    std::vector<uint8_t> gone(count, 0);
    for (const size_t i : dropped) gone[count - 1 - i] = 1;
    for (size_t i = 0; i < count; ++i) {
      if (gone[i] == 0) candidate.plan.calls.push_back(base.plan.calls[i]);
    }
    return candidate;
  });
}

void ZeroArguments(Reduction& reduction) {
  struct Place {
    size_t call, argument;
  };
  const testcase::TestCase base = reduction.current();
  std::vector<Place> places;
  for (size_t i = 0; i < base.plan.calls.size(); ++i) {
    for (size_t k = 0; k < base.plan.calls[i].arguments.size(); ++k) {
      if (base.plan.calls[i].arguments[k] != 0) places.push_back({i, k});
    }
  }
  const auto set = [&](uint64_t value) {
    return [&places, value, &reduction](const std::vector<size_t>& chosen) {
      testcase::TestCase candidate = reduction.current();
      for (const size_t i : chosen) {
        candidate.plan.calls[places[i].call].arguments[places[i].argument] = value;
      }
      return candidate;
    };
  };
  for (const uint64_t value : {uint64_t{0}, uint64_t{1}}) {
    TrySubsets(reduction, places.size(), 1, set(value));
  }
}

// Missing arguments are 0.
void ShortenPlan(Reduction& reduction) {
  testcase::TestCase candidate = reduction.current();
  for (testcase::Call& call : candidate.plan.calls) {
    while (!call.arguments.empty() && call.arguments.back() == 0) call.arguments.pop_back();
  }
  reduction.Try(std::move(candidate));
}

// A constant of a number's type that is what an argument gives.
std::optional<wasm::Instr> Argument(wasm::ValType type, uint64_t argument) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return rewrite::Op(Opcode::I32Const, 0, 0, static_cast<uint32_t>(argument));
    case wasm::TypeKind::I64:
      return rewrite::Op(Opcode::I64Const, 0, 0, argument);
    case wasm::TypeKind::F32:
      return rewrite::Op(Opcode::F32Const, 0, 0, static_cast<uint32_t>(argument));
    case wasm::TypeKind::F64:
      return rewrite::Op(Opcode::F64Const, 0, 0, argument);
    default:
      return std::nullopt;
  }
}

// The call of the plan as code that leaves nothing on the stack.
std::optional<std::vector<wasm::Instr>> AsCode(const wasm::Module& module,
                                               const testcase::Call& call, uint32_t function) {
  const auto& type =
      std::get<wasm::FuncType>(module.types[module.FunctionTypeIdx(function)].composite);
  std::vector<wasm::Instr> code;
  for (size_t i = 0; i < type.params.size(); ++i) {
    const auto constant =
        Argument(type.params[i], i < call.arguments.size() ? call.arguments[i] : 0);
    if (!constant) return std::nullopt;
    code.push_back(*constant);
  }
  code.push_back(rewrite::Op(Opcode::Call, function));
  code.insert(code.end(), type.results.size(), rewrite::Op(Opcode::Drop));
  return code;
}

// One of two calls that follow each other stays in the plan, and makes the other: what is called
// first at its begin, what is called second at its end. An export that none calls any more goes.
std::optional<TestCase> Joined(const TestCase& base, size_t first, bool at_begin) {
  const testcase::Call& stays = base.plan.calls[at_begin ? first + 1 : first];
  const testcase::Call& goes = base.plan.calls[at_begin ? first : first + 1];
  const wasm::Export* caller = base.module.FindExport(stays.export_name);
  const wasm::Export* callee = base.module.FindExport(goes.export_name);
  const uint32_t imported = base.module.ImportCount(wasm::ExternKind::Func);
  if (!caller || !callee || caller->kind != wasm::ExternKind::Func ||
      callee->kind != wasm::ExternKind::Func || caller->index < imported ||
      caller->index == callee->index) {
    return std::nullopt;
  }
  const auto code = AsCode(base.module, goes, callee->index);
  if (!code) return std::nullopt;
  TestCase joined = base;
  auto& body = joined.module.functions[caller->index - imported].body.code;
  body.insert(at_begin ? body.begin() : body.end() - 1, code->begin(), code->end());
  joined.plan.calls.erase(joined.plan.calls.begin() +
                          static_cast<ptrdiff_t>(at_begin ? first : first + 1));
  if (std::ranges::count(joined.plan.calls, goes.export_name, &testcase::Call::export_name) == 0) {
    std::erase_if(joined.module.exports,
                  [&](const wasm::Export& each) { return each.name == goes.export_name; });
  }
  return joined;
}

void JoinCalls(Reduction& reduction) {
  for (const bool at_begin : {false, true}) {
    const size_t calls = reduction.current().plan.calls.size();
    // From the last on: those before it keep their places.
    reduction.TryEach(
        {.count = calls < 2 ? 0 : calls - 1, .at = [&](size_t place) -> std::optional<TestCase> {
           const size_t first = calls - 2 - place;
           if (first + 1 >= reduction.current().plan.calls.size()) return {};
           return Joined(reduction.current(), first, at_begin);
         }});
  }
}

// The plan with calls of the one export in the place of those of the other, which goes.
std::optional<TestCase> Replaced(const TestCase& base, size_t by, size_t goes) {
  const wasm::Export &one = base.module.exports[by], &other = base.module.exports[goes];
  const bool are_functions =
      one.kind == wasm::ExternKind::Func && other.kind == wasm::ExternKind::Func;
  const auto params = [&](const wasm::Export& each) {
    const uint32_t type = base.module.FunctionTypeIdx(each.index);
    return std::get<wasm::FuncType>(base.module.types[type].composite).params;
  };
  if (by == goes || !are_functions || params(one) != params(other)) return std::nullopt;
  TestCase replaced = base;
  for (testcase::Call& call : replaced.plan.calls) {
    if (call.export_name == other.name) call.export_name = one.name;
  }
  replaced.module.exports.erase(replaced.module.exports.begin() + static_cast<ptrdiff_t>(goes));
  return replaced;
}

void MergeExports(Reduction& reduction) {
  const size_t count = reduction.module().exports.size();
  for (size_t goes = count; goes-- > 0;) {
    bool gone = false;
    reduction.TryEach({.count = count,
                       .at = [&](size_t by) -> std::optional<TestCase> {
                         const size_t left = reduction.module().exports.size();
                         if (gone || by >= left || goes >= left) return std::nullopt;
                         return Replaced(reduction.current(), by, goes);
                       },
                       .accepted = [&](size_t) { gone = true; }});
  }
}

}  // namespace

void ReduceCalls(Reduction& reduction) {
  DropCalls(reduction);
  ZeroArguments(reduction);
  ShortenPlan(reduction);
  if (!reduction.round().is_full()) return;
  JoinCalls(reduction);
  MergeExports(reduction);
}

}  // namespace slabhound::minimizer
