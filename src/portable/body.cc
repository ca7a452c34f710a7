#include "portable/body.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "wasm/limits.h"

namespace slabhound::portable {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::Opcode;
using wasm::ValType;

constexpr size_t kInstructionsMax = 1'000'000;

bool IsCall(Opcode op) {
  return op == Opcode::Call || op == Opcode::CallRef || op == Opcode::CallIndirect;
}
bool IsTailCall(Opcode op) {
  return op == Opcode::ReturnCall || op == Opcode::ReturnCallRef ||
         op == Opcode::ReturnCallIndirect;
}

bool IsException(ValType type) {
  return type.is_ref() && !type.heap().is_index() &&
         (type.heap().Is(AbstractHeap::Exn) || type.heap().Is(AbstractHeap::NoExn));
}

}  // namespace

Bodies::Bodies(Form& form, Walk& walk)
    : form_(form),
      walk_(walk),
      bulk_(form, walk),
      places_(form.collections, form.has_gc ? form.options.gc_one_in : 0, form.options.gc_seed) {
  throwers_.resize(form.tag_of.size());
}

uint32_t Bodies::Failing(std::optional<uint32_t>& id, trace::EventWord word) {
  if (!id) {
    Code code;
    walk_.Log(code, word);
    code.Op(Opcode::Unreachable);
    id = form_.Add(form_.FuncType({}, {}), {}, code);
  }
  return *id;
}

Code Bodies::OutOfFuel() {
  return Code().Op(Opcode::Call, Failing(out_of_fuel_, trace::EventWord::FuelOut));
}

void Bodies::ChargeFuel(Code& code, const Code& out_of_fuel) const {
  const uint32_t fuel = form_.globals.fuel;
  code.Op(Opcode::GlobalGet, fuel).Op(Opcode::I32Eqz).If().Append(out_of_fuel).End();
  code.Op(Opcode::GlobalGet, fuel).I32(1).Op(Opcode::I32Sub).Op(Opcode::GlobalSet, fuel);
}

bool Bodies::IsStraight(uint32_t function) const {
  switch (form_.options.straight) {
    case engine::Straight::None:
      return false;
    case engine::Straight::All:
      return true;
    case engine::Straight::Even:
      return function % 2 == 0;
    case engine::Straight::Odd:
      return function % 2 == 1;
  }
  UNREACHABLE();
}

void Bodies::CheckDepth(Code& code) {
  code.Op(Opcode::GlobalGet, form_.globals.depth)
      .I32(static_cast<int32_t>(form_.options.call_depth_max))
      .Op(Opcode::I32GeU)
      .If()
      .Op(Opcode::Call, Failing(out_of_depth_, trace::EventWord::DepthOut))
      .End();
}

void Bodies::Enter(Code& code, uint32_t function, std::optional<uint32_t> depth) {
  const Form::Globals& globals = form_.globals;
  if (form_.TellsItsNumber(function)) {
    CheckDepth(code);
    Code out;
    AnswerNumber(out, function);
    ChargeFuel(code, out.Append(OutOfFuel()));
  } else if (IsStraight(function)) {
    code.Op(Opcode::Call, Charge(enter_, /*entry=*/true));
  } else {
    CheckDepth(code);
    ChargeFuel(code, OutOfFuel());
  }
  if (depth) {
    code.Op(Opcode::GlobalGet, globals.depth)
        .I32(1)
        .Op(Opcode::I32Add)
        .Op(Opcode::LocalSet, *depth);
  }
}

void Bodies::AnswerNumber(Code& code, uint32_t function) const {
  if (!form_.TellsItsNumber(function)) return;
  code.Op(Opcode::GlobalGet, form_.globals.probing).If();
  code.I32(static_cast<int32_t>(function)).Op(Opcode::GlobalSet, form_.globals.probed);
  for (const ValType result : form_.SignatureOf(function).results) Form::Default(code, result);
  code.Op(Opcode::Return).End();
}

uint32_t Bodies::Charge(std::optional<uint32_t>& id, bool entry) {
  if (!id) {
    Code code;
    if (entry) CheckDepth(code);
    ChargeFuel(code, OutOfFuel());
    id = form_.Add(form_.FuncType({}, {}), {}, code);
  }
  return *id;
}

void Bodies::SetDepth(Code& code, uint32_t depth) const {
  code.Op(Opcode::LocalGet, depth).Op(Opcode::GlobalSet, form_.globals.depth);
}

void Bodies::Collect(Code& code) {
  if (form_.has_gc) code.Op(Opcode::Call, form_.Import(HostImport::Gc));
}

void Bodies::Throw(Code& code, uint32_t tag) {
  tag = form_.tag_of[tag];
  if (form_.options.exceptions) {
    code.Op(Opcode::Throw, tag);
    return;
  }
  if (!throwers_[tag]) {
    const wasm::TypeIdx type = form_.tag_types[tag];
    const auto params = std::get<wasm::FuncType>(form_.made.types[type].composite).params;
    Code fields;
    for (uint32_t i = 0; i < params.size(); ++i) {
      walk_.TakeField(fields);
      walk_.AddField(fields.Op(Opcode::LocalGet, i), params[i]);
    }
    const uint32_t teller = form_.Add(form_.FuncType(params, {}), {}, fields);
    Code body;
    body.Op(Opcode::GlobalGet, form_.globals.catching).If();
    walk_.Log(body, trace::EventWord::Uncaught);
    body.Op(Opcode::Unreachable).End();
    walk_.Log(body, trace::EventWord::Throws);
    walk_.BeginException(body, tag);
    walk_.Log(body, params.size());
    for (uint32_t i = 0; i < params.size(); ++i) body.Op(Opcode::LocalGet, i);
    body.Op(Opcode::Call, teller);
    walk_.Run(body, 1);
    body.Op(Opcode::Unreachable);
    throwers_[tag] = form_.Add(form_.FuncType(params, {}), {}, body);
  }
  code.Op(Opcode::Call, *throwers_[tag]).Op(Opcode::Unreachable);
}

Result<void, PortableError> Bodies::CheckNoExceptions() const {
  const auto needed = [](std::string_view what) {
    return Fail(PortableError{fmt::format("needs exceptions: {}", what)});
  };
  const wasm::Module& module = form_.original;
  for (const wasm::SubType& type : module.types) {
    bool found = false;
    if (const auto* function = std::get_if<wasm::FuncType>(&type.composite)) {
      found = std::ranges::any_of(function->params, IsException) ||
              std::ranges::any_of(function->results, IsException);
    } else if (const auto* structure = std::get_if<wasm::StructType>(&type.composite)) {
      for (const wasm::FieldType& field : structure->fields) found |= IsException(field.type);
    } else {
      found = IsException(std::get<wasm::ArrayType>(type.composite).element.type);
    }
    if (found) return needed("a type with exnref");
  }
  for (const wasm::GlobalType& global : form_.global_types) {
    if (IsException(global.type)) return needed("a global of type exnref");
  }
  for (const wasm::TableType& table : form_.table_types) {
    if (IsException(table.element)) return needed("a table of exnref");
  }
  for (const wasm::ElemSegment& elem : module.elems) {
    if (IsException(elem.type)) return needed("an element segment of exnref");
  }
  for (const wasm::Function& function : module.functions) {
    if (std::ranges::any_of(function.locals, IsException)) return needed("a local of type exnref");
    for (const wasm::Instr& instr : function.body.code) {
      if (instr.op == Opcode::TryTable) return needed("it catches");
      if (instr.op == Opcode::ThrowRef) return needed("throw_ref");
      if (wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::Heap &&
          IsException(ValType::Ref(wasm::HeapType::FromCode(instr.a), true))) {
        return needed("an instruction on exnref");
      }
      if (wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::BlockType &&
          IsException(ValType::FromBits(instr.a))) {
        return needed("a block of type exnref");
      }
    }
  }
  return {};
}

Result<void, PortableError> Bodies::RewriteAll() {
  if (!form_.options.exceptions) TRY(CheckNoExceptions());
  size_t instructions = 0;
  for (const wasm::Function& function : form_.original.functions) {
    instructions += function.body.code.size();
  }
  if (instructions > kInstructionsMax) {
    return Fail(PortableError{fmt::format("more than {} instructions", kInstructionsMax)});
  }
  uint32_t id = form_.imported_functions();
  for (const wasm::Function& function : form_.original.functions) TRY(Rewrite(id++, function));
  return {};
}

Result<void, PortableError> Bodies::Rewrite(uint32_t id, const wasm::Function& function) {
  const auto depth =
      static_cast<uint32_t>(form_.SignatureOf(id).params.size() + function.locals.size());
  std::vector<ValType> locals = function.locals;
  const bool calls = std::ranges::any_of(function.body.code, [this](const wasm::Instr& instr) {
    return (IsCall(instr.op) && !form_.collections.IsCall(instr)) || IsTailCall(instr.op);
  });
  if (calls) {
    if (depth >= wasm::limits::kLocalsMax) {
      return Fail(PortableError{fmt::format("function {} has too many locals", id)});
    }
    locals.push_back(ValType::I32);
  }
  Code code;
  code.Reserve(2 * function.body.code.size());
  Enter(code, id, calls ? std::optional(depth) : std::nullopt);
  const std::vector<uint32_t> places = places_.Draw(function.body);
  const wasm::Instr* previous = nullptr;
  for (size_t i = 0, place = 0; i < function.body.code.size(); ++i) {
    for (; place < places.size() && places[place] == i; ++place) Collect(code);
    const wasm::Instr& instr = function.body.code[i];
    if (i + 1 == function.body.code.size()) break;  // the end, which is the code's own
    if (form_.collections.IsCall(instr)) {
      Collect(code);
      continue;
    }
    RewriteInstr(code, instr, previous, depth, IsStraight(id));
    previous = &instr;
  }
  // What is inserted uses no pools, so the body's own entries keep their places.
  wasm::Body body{.code = std::move(code).Body().code,
                  .labels = function.body.labels,
                  .types = function.body.types,
                  .catches = function.body.catches};
  for (wasm::CatchClause& clause : body.catches) {
    if (clause.kind <= wasm::CatchKind::CatchRef) clause.tag = form_.tag_of[clause.tag];
  }
  form_.DefineBody(id, std::move(locals), std::move(body));
  return {};
}

void Bodies::RewriteInstr(Code& code, const wasm::Instr& instr, const wasm::Instr* previous,
                          uint32_t depth, bool straight) {
  const Bulk::Cost cost = bulk_.CostOf(instr, previous);
  if (IsCall(instr.op)) SetDepth(code, depth);
  if (IsTailCall(instr.op)) {
    code.Op(Opcode::LocalGet, depth)
        .I32(1)
        .Op(Opcode::I32Sub)
        .Op(Opcode::GlobalSet, form_.globals.depth);
  }
  bulk_.Before(code, cost);
  switch (instr.op) {
    case Opcode::GlobalGet:
      form_.GetGlobal(code, instr.a);
      break;
    case Opcode::Throw:
      Throw(code, instr.a);
      break;
    default:
      code.Op(instr.op, instr.a, instr.b, instr.bits);
      break;
  }
  bulk_.Behind(code, cost);
  if (instr.op == Opcode::Loop) {
    if (straight) {
      code.Op(Opcode::Call, Charge(again_, /*entry=*/false));
    } else {
      ChargeFuel(code, OutOfFuel());
    }
  }
}

}  // namespace slabhound::portable
