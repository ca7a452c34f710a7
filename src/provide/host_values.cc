#include "provide/host_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace slabhound::provide {
namespace {

using wasm::AbstractHeap;
using wasm::Code;
using wasm::HeapType;
using wasm::Opcode;
using wasm::TypeKind;
using wasm::ValType;

constexpr ValType kAnyRef = ValType::Ref(AbstractHeap::Any, true);
constexpr ValType kFuncRef = ValType::Ref(AbstractHeap::Func, true);

// The objects and functions that come back to the module.
class Needed {
 public:
  explicit Needed(const Answers& answers) {
    AddActions(answers.outside);
    for (const RecordedImport& import : answers.imports) {
      for (const ImportCall& call : import.calls) {
        AddActions(call.actions);
        Add(call.end.values);
      }
    }
  }
  std::map<uint64_t, uint32_t> Take() { return std::move(places_); }

 private:
  void AddActions(const std::vector<Action>& actions) {
    for (const Action& action : actions) {
      const auto* call = std::get_if<HostCall>(&action);
      if (call == nullptr) continue;
      if (call->target.kind == TargetKind::Ref) AddNumber(call->target.number);
      Add(call->arguments);
    }
  }
  void Add(const std::vector<Value>& values) {
    for (const Value& value : values) {
      if (value.kind == ValueKind::Host || value.kind == ValueKind::Ref) AddNumber(value.bits);
    }
  }
  void AddNumber(uint64_t number) {
    places_.emplace(number, static_cast<uint32_t>(places_.size()));
  }

  std::map<uint64_t, uint32_t> places_;
};

std::string_view KindText(ValueKind kind) {
  constexpr std::string_view kTexts[] = {"i32", "i64",    "f32",  "f64", "null",
                                         "i31", "string", "host", "ref", "export"};
  return kTexts[static_cast<size_t>(kind)];
}

bool IsNumber(ValueKind kind) { return kind <= ValueKind::F64; }

}  // namespace

HostValues::HostValues(Assembly& assembly, const Answers& answers)
    : assembly_(assembly), types_(AddHostTypes(assembly)), places_(Needed(answers).Take()) {
  if (places_.empty()) return;
  const wasm::Limits limits{places_.size(), places_.size()};
  objects_ = assembly.AddTable({kAnyRef, limits});
  functions_ = assembly.AddTable({kFuncRef, limits});
}

bool HostValues::IsOf(ValType type, AbstractHeap top) const {
  if (!type.is_ref()) return false;
  const HeapType heap = type.heap();
  if (heap.is_index()) {
    const bool is_function =
        std::holds_alternative<wasm::FuncType>(assembly_.types()[heap.index()].composite);
    return top == (is_function ? AbstractHeap::Func : AbstractHeap::Any);
  }
  switch (heap.abstract()) {
    case AbstractHeap::Func:
    case AbstractHeap::NoFunc:
      return top == AbstractHeap::Func;
    case AbstractHeap::Extern:
    case AbstractHeap::NoExtern:
      return top == AbstractHeap::Extern;
    case AbstractHeap::Exn:
    case AbstractHeap::NoExn:
      return top == AbstractHeap::Exn;
    default:
      return top == AbstractHeap::Any;
  }
}

Result<void, std::string> HostValues::Make(Code& code, const Value& value, ValType type) {
  const auto wrong = [&] {
    return Fail(fmt::format("a value of kind {} is none of type {}", KindText(value.kind),
                            wasm::TypeText(type)));
  };
  if (type.is_number() || IsNumber(value.kind)) {
    if (!type.is_number() || type.kind() != static_cast<TypeKind>(value.kind)) return wrong();
    constexpr Opcode kConstants[] = {Opcode::I32Const, Opcode::I64Const, Opcode::F32Const,
                                     Opcode::F64Const};
    code.Op(kConstants[static_cast<size_t>(value.kind)], 0, 0, value.bits);
    return {};
  }
  const bool is_function = IsOf(type, AbstractHeap::Func);
  const bool is_extern = IsOf(type, AbstractHeap::Extern);
  if (value.kind == ValueKind::Null) {
    if (!type.nullable()) return wrong();
    code.Heap(Opcode::RefNull, type.heap());
    return {};
  }
  if (is_function) {
    if (value.kind == ValueKind::Ref) {
      Function(code, value.bits);
    } else {
      const wasm::Export* found = assembly_.original().FindExport(value.text);
      const bool is_export = value.kind == ValueKind::Export && found != nullptr &&
                             found->kind == wasm::ExternKind::Func;
      if (!is_export) return wrong();
      assembly_.Declare(found->index);
      code.Op(Opcode::RefFunc, found->index);
    }
    if (type != kFuncRef) {
      code.Heap(type.nullable() ? Opcode::RefCastNull : Opcode::RefCast, type.heap());
    }
    return {};
  }
  if (value.kind == ValueKind::Export || (!is_extern && !IsOf(type, AbstractHeap::Any))) {
    return wrong();
  }
  MakeObject(code, value);
  if (is_extern) {
    code.Op(Opcode::ExternConvertAny);
    if (!type.nullable()) code.Op(Opcode::RefAsNonNull);
  } else if (type != kAnyRef) {
    code.Heap(type.nullable() ? Opcode::RefCastNull : Opcode::RefCast, type.heap());
  }
  return {};
}

// Leaves an anyref.
void HostValues::MakeObject(Code& code, const Value& value) {
  switch (value.kind) {
    case ValueKind::I31:
      code.I32(static_cast<int32_t>(value.bits)).Op(Opcode::RefI31);
      return;
    case ValueKind::String:
      return MakeString(code, value.text);
    case ValueKind::Host:
      code.I32(static_cast<int32_t>(places_.at(value.bits)));
      code.I32(static_cast<int32_t>(value.bits)).Op(Opcode::Call, ObjectMaker());
      return;
    default:
      code.I32(static_cast<int32_t>(places_.at(value.bits))).Op(Opcode::TableGet, objects_);
  }
}

void HostValues::MakeString(Code& code, const std::string& units) {
  const auto [found, is_new] = strings_.emplace(units, 0);
  if (is_new) found->second = assembly_.AddData(AsBytes(units));
  code.I32(0).I32(static_cast<int32_t>(units.size() / 2));
  code.Op(Opcode::ArrayNewData, types_.string, found->second);
}

uint32_t HostValues::ObjectMaker() {
  if (object_maker_) return *object_maker_;
  Code code;
  code.Op(Opcode::LocalGet, 0).Op(Opcode::TableGet, objects_).Op(Opcode::RefIsNull).If();
  code.Op(Opcode::LocalGet, 0).Op(Opcode::LocalGet, 1).Op(Opcode::StructNew, types_.object);
  code.Op(Opcode::TableSet, objects_).End();
  code.Op(Opcode::LocalGet, 0).Op(Opcode::TableGet, objects_);
  const wasm::TypeIdx type = assembly_.AddFuncType({{ValType::I32, ValType::I32}, {kAnyRef}});
  object_maker_ = assembly_.AddFunction(type, {}, code.Body());
  return *object_maker_;
}

void HostValues::Function(Code& code, uint64_t number) {
  code.I32(static_cast<int32_t>(places_.at(number))).Op(Opcode::TableGet, functions_);
}

void HostValues::Keep(Code& code, uint32_t local, ValType type, uint64_t number) {
  const auto place = places_.find(number);
  if (place == places_.end() || IsOf(type, AbstractHeap::Exn)) return;
  code.I32(static_cast<int32_t>(place->second)).Op(Opcode::LocalGet, local);
  if (IsOf(type, AbstractHeap::Extern)) code.Op(Opcode::AnyConvertExtern);
  code.Op(Opcode::TableSet, IsOf(type, AbstractHeap::Func) ? functions_ : objects_);
}

void HostValues::Compare(Code& code, uint32_t local, ValType type, const Value& value) {
  if (type.is_number() != IsNumber(value.kind) ||
      (type.is_number() && type.kind() != static_cast<TypeKind>(value.kind))) {
    code.I32(1);
    return;
  }
  switch (value.kind) {
    case ValueKind::I32:
    case ValueKind::I64: {
      const bool is_32 = value.kind == ValueKind::I32;
      code.Op(Opcode::LocalGet, local);
      code.Op(is_32 ? Opcode::I32Const : Opcode::I64Const, 0, 0, value.bits);
      code.Op(is_32 ? Opcode::I32Ne : Opcode::I64Ne);
      return;
    }
    case ValueKind::F32:
    case ValueKind::F64: {
      // Every NaN is the recorded one.
      const bool is_32 = value.kind == ValueKind::F32;
      const bool is_nan = is_32 ? (value.bits & 0x7fffffff) > 0x7f800000
                                : (value.bits & (~uint64_t{0} >> 1)) > 0x7ff0000000000000;
      code.Op(Opcode::LocalGet, local);
      if (is_nan) {
        code.Op(Opcode::LocalGet, local).Op(is_32 ? Opcode::F32Eq : Opcode::F64Eq);
        return;
      }
      code.Op(is_32 ? Opcode::I32ReinterpretF32 : Opcode::I64ReinterpretF64);
      code.Op(is_32 ? Opcode::I32Const : Opcode::I64Const, 0, 0, value.bits);
      code.Op(is_32 ? Opcode::I32Ne : Opcode::I64Ne);
      return;
    }
    case ValueKind::Null:
      code.Op(Opcode::LocalGet, local).Op(Opcode::RefIsNull).Op(Opcode::I32Eqz);
      return;
    case ValueKind::String:
      if (!IsOf(type, AbstractHeap::Extern)) break;
      if (!same_) same_ = AddSame(assembly_);
      code.Op(Opcode::LocalGet, local).Op(Opcode::AnyConvertExtern);
      MakeString(code, value.text);
      code.Op(Opcode::Call, *same_).Op(Opcode::I32Eqz);
      return;
    case ValueKind::Ref:
      Keep(code, local, type, value.bits);
      break;
    default:
      break;
  }
  code.Op(Opcode::LocalGet, local).Op(Opcode::RefIsNull);
}

std::optional<Code> HostValues::Constant(const Value& value, ValType type) const {
  Code code;
  if (type.is_number()) {
    if (!IsNumber(value.kind) || type.kind() != static_cast<TypeKind>(value.kind)) {
      return std::nullopt;
    }
    constexpr Opcode kConstants[] = {Opcode::I32Const, Opcode::I64Const, Opcode::F32Const,
                                     Opcode::F64Const};
    return code.Op(kConstants[static_cast<size_t>(value.kind)], 0, 0, value.bits);
  }
  if (value.kind == ValueKind::Null && type.nullable()) {
    return code.Heap(Opcode::RefNull, type.heap());
  }
  if (value.kind != ValueKind::String || !IsOf(type, AbstractHeap::Extern) ||
      value.text.size() / 2 > kConstantUnitsMax) {
    return std::nullopt;
  }
  return StringConstant(value.text, types_);
}

}  // namespace slabhound::provide
