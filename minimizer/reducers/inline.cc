#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/function_type.h"
#include "rewrite/tree.h"
#include "rewrite/unused.h"

namespace slabhound::minimizer {
namespace {

using wasm::Immediates;
using wasm::Instr;
using wasm::Opcode;

constexpr uint32_t kCallsMax = 2;  // of a function that is inlined: more make the module larger
constexpr size_t kCodeMax = 200;

bool NamesLocal(const Instr& instr) {
  return wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::Local;
}

// Whether the body begins by reading each parameter in turn, and never again: then its operands are
// on the stack as it wants them.
bool TakesOperandsAsTheyAre(const wasm::Body& body, size_t params) {
  if (body.code.size() < params) return false;
  for (size_t i = 0; i < body.code.size(); ++i) {
    const Instr& instr = body.code[i];
    const bool reads_in_turn = instr.op == Opcode::LocalGet && instr.a == i;
    if (i < params ? !reads_in_turn : NamesLocal(instr) && instr.a < params) return false;
  }
  return true;
}

// Straight code, but for a return that comes last: it needs no block around it.
std::optional<std::vector<Instr>> AsStraightCode(const wasm::Body& body) {
  std::vector<Instr> code(body.code.begin(), body.code.end() - 1);
  if (!code.empty() && code.back().op == Opcode::Return) code.pop_back();
  uint32_t depth = 0;
  for (const Instr& instr : code) {
    const wasm::ImmediatesInfo& info = wasm::Info(wasm::Info(instr.op).immediates);
    const bool leaves = instr.op == Opcode::Return || instr.op == Opcode::ReturnCall ||
                        instr.op == Opcode::ReturnCallRef || instr.op == Opcode::ReturnCallIndirect;
    const bool has_pool = instr.op == Opcode::BrTable || instr.op == Opcode::TryTable ||
                          instr.op == Opcode::SelectTyped;
    const bool goes_out = info.first == wasm::ImmediateKind::Label && instr.a >= depth;
    if (leaves || has_pool || goes_out) return std::nullopt;
    if (rewrite::OpensBlock(instr.op)) ++depth;
    if (instr.op == Opcode::End || instr.op == Opcode::Delegate) --depth;
  }
  return code;
}

// The callee's body where it is called, if that needs no block: parameters become locals from
// `base` on.
std::optional<std::vector<Instr>> InPlace(const wasm::Module& module, uint32_t callee,
                                          uint32_t base) {
  const size_t params = rewrite::FunctionType(module, callee).params.size();
  const wasm::Body& body = module.functions[callee].body;
  auto straight = AsStraightCode(body);
  if (!straight) return std::nullopt;
  for (Instr& instr : *straight) {
    if (NamesLocal(instr)) instr.a += base;
  }
  std::vector<Instr> code;
  if (TakesOperandsAsTheyAre(body, params)) {
    straight->erase(straight->begin(), straight->begin() + static_cast<ptrdiff_t>(params));
  } else {
    for (size_t i = params; i-- > 0;) {
      code.push_back(rewrite::Op(Opcode::LocalSet, base + static_cast<uint32_t>(i)));
    }
  }
  code.insert(code.end(), straight->begin(), straight->end());
  return code;
}

// The callee's body as a block: parameters become locals from `base` on, returns become branches.
std::vector<Instr> AsBlock(wasm::Module& module, uint32_t callee, uint32_t base,
                           wasm::Body& caller) {
  const wasm::FuncType type = rewrite::FunctionType(module, callee);
  std::vector<Instr> code;
  for (size_t i = type.params.size(); i-- > 0;) {
    code.push_back(rewrite::Op(Opcode::LocalSet, base + static_cast<uint32_t>(i)));
  }
  wasm::BlockType block;
  if (type.results.size() == 1) block = type.results[0];
  if (type.results.size() > 1) {
    block = wasm::BlockType::Index(rewrite::FunctionTypeIndex(module, {{}, type.results}));
  }
  code.push_back(rewrite::Op(Opcode::Block, block.bits()));
  const wasm::Body& body = module.functions[callee].body;
  uint32_t depth = 0;
  for (Instr instr : body.code) {
    const wasm::ImmediatesInfo& info = wasm::Info(wasm::Info(instr.op).immediates);
    if (info.first == wasm::ImmediateKind::Local) instr.a += base;
    if (rewrite::OpensBlock(instr.op)) ++depth;
    const bool ends = instr.op == Opcode::End || instr.op == Opcode::Delegate;
    if (ends && depth > 0) --depth;
    switch (instr.op) {
      case Opcode::Return:
        instr = rewrite::Op(Opcode::Br, depth);
        break;
      case Opcode::ReturnCall:
        code.push_back(rewrite::Op(Opcode::Call, instr.a));
        instr = rewrite::Op(Opcode::Br, depth);
        break;
      case Opcode::BrTable:
        caller.labels.insert(caller.labels.end(), body.labels.begin() + instr.a,
                             body.labels.begin() + instr.a + instr.b + 1);
        instr.a = static_cast<uint32_t>(caller.labels.size()) - instr.b - 1;
        break;
      case Opcode::SelectTyped:
        caller.types.insert(caller.types.end(), body.types.begin() + instr.a,
                            body.types.begin() + instr.a + instr.b);
        instr.a = static_cast<uint32_t>(caller.types.size()) - instr.b;
        break;
      case Opcode::TryTable: {
        const auto first = body.catches.begin() + instr.b;
        caller.catches.insert(caller.catches.end(), first,
                              first + static_cast<ptrdiff_t>(instr.bits));
        instr.b = static_cast<uint32_t>(caller.catches.size() - instr.bits);
        break;
      }
      default:
        break;
    }
    code.push_back(instr);
  }
  return code;
}

wasm::Module Inlined(wasm::Module module, uint32_t callee) {
  const uint32_t index = module.ImportCount(wasm::ExternKind::Func) + callee;
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < module.functions.size(); ++f) {
    const std::vector<Instr> code = module.functions[f].body.code;
    for (uint32_t i = 0; i < code.size(); ++i) {
      if (code[i].op != Opcode::Call || code[i].a != index) continue;
      wasm::Function& caller = module.functions[f];
      const wasm::FuncType type = rewrite::FunctionType(module, callee);
      const auto base = static_cast<uint32_t>(rewrite::FunctionType(module, f).params.size() +
                                              caller.locals.size());
      caller.locals.insert(caller.locals.end(), type.params.begin(), type.params.end());
      const std::vector<wasm::ValType> locals = module.functions[callee].locals;
      caller.locals.insert(caller.locals.end(), locals.begin(), locals.end());
      auto code_of_callee = InPlace(module, callee, base);
      if (!code_of_callee) code_of_callee = AsBlock(module, callee, base, caller.body);
      edits.push_back({f, {i, i + 1}, *std::move(code_of_callee)});
    }
  }
  return rewrite::ApplyEdits(std::move(module), edits);
}

bool IsWorthIt(const wasm::Module& module, uint32_t callee,
               const std::vector<rewrite::Uses>& uses) {
  const uint32_t index = module.ImportCount(wasm::ExternKind::Func) + callee;
  const auto& code = module.functions[callee].body.code;
  const uint32_t calls = uses[index].calls;
  if (calls == 0 || calls > kCallsMax || code.size() > kCodeMax) return false;
  return std::ranges::none_of(code, [&](const Instr& instr) {  // it calls itself
    return (instr.op == Opcode::Call || instr.op == Opcode::ReturnCall) && instr.a == index;
  });
}

}  // namespace

// From the last on: the ones before it keep their numbers when it goes.
void ReduceInline(Reduction& reduction) {
  std::optional<std::vector<rewrite::Uses>> uses;  // of the current module
  const size_t count = reduction.module().functions.size();
  reduction.TryEach({.count = count,
                     .at = [&](size_t place) -> std::optional<testcase::TestCase> {
                       const wasm::Module& module = reduction.module();
                       const auto callee = static_cast<uint32_t>(count - 1 - place);
                       if (callee >= module.functions.size()) return std::nullopt;
                       if (!uses) uses = rewrite::FunctionUses(module);
                       if (!IsWorthIt(module, callee, *uses)) return std::nullopt;
                       const wasm::Module inlined = Inlined(module, callee);
                       return testcase::TestCase{
                           rewrite::KeepOnly(inlined, rewrite::Reachable(inlined, {})),
                           reduction.current().plan};
                     },
                     .accepted = [&](size_t) { uses.reset(); }});
}

}  // namespace slabhound::minimizer
