#include <fmt/format.h>

#include "valid/code.h"
#include "wasm/limits.h"

namespace slabhound::valid {

std::string CodeValidator::Text(ValType type) const {
  if (type.is_ref() && type.heap() == kBottomHeap) return "(ref bottom)";
  return context_.TypeText(type);
}

bool CodeValidator::Fail(ErrorCode code, std::string detail) {
  const uint32_t offset = at_ < body_->code.size() ? body_->code[at_].offset
                          : body_->code.empty()    ? 0
                                                   : body_->code.back().offset;
  error_ = wasm::Error{code, offset, std::move(detail)};
  return false;
}

bool CodeValidator::FailOperand(ValType expected, ValType actual) {
  return Fail(ErrorCode::TypeMismatch,
              fmt::format("{} needs {} but the stack has {}", wasm::Info(body_->code[at_].op).text,
                          Text(expected), Text(actual)));
}

bool CodeValidator::FailUnderflow(ValType expected) {
  const std::string wanted = expected == ValType::Bottom ? "an operand" : Text(expected);
  return Fail(ErrorCode::TypeMismatch, fmt::format("{} needs {} but finds too few operands",
                                                   wasm::Info(body_->code[at_].op).text, wanted));
}

bool CodeValidator::FailIndex(ErrorCode code, uint64_t index) {
  return Fail(code, fmt::format("{}", index));
}

bool CodeValidator::FailNamed(ErrorCode code, wasm::IndexSpace space, uint32_t index) {
  return Fail(code, context_.IndexText(space, index));
}

bool CodeValidator::FailLocal(ErrorCode code, uint32_t local) {
  return Fail(code, wasm::LocalText(module_.names.get(), function_, local));
}

bool CodeValidator::FailLaterGlobal(uint32_t global) {
  return Fail(ErrorCode::UnknownGlobal,
              context_.IndexText(wasm::IndexSpace::Global, global) +
                  " is declared later than its use: a constant expression sees only the globals "
                  "before it, and tables come before globals");
}

bool CodeValidator::Matches(ValType actual, ValType expected) const {
  if (actual.is_ref() && actual.heap() == kBottomHeap) return expected.is_ref();
  return types_.IsSubtype(actual, expected);
}

bool CodeValidator::Widens(ValType actual, ValType expected, size_t height) {
  if (!Matches(actual, expected)) return FailOperand(expected, actual);
  if (widenings_ != nullptr && !constant_) {
    widenings_->push_back({at_, static_cast<uint32_t>(height), actual, expected});
  }
  return true;
}

bool CodeValidator::Spend(size_t checks) {
  checks_ += checks;
  if (checks_ > wasm::limits::kOperandChecksMax) {
    return Fail(ErrorCode::LimitExceeded, fmt::format("operands to check, at most {} in a module",
                                                      wasm::limits::kOperandChecksMax));
  }
  return operands_.size() <= wasm::limits::kOperandsMax ||
         Fail(ErrorCode::LimitExceeded,
              fmt::format("operands on the stack, at most {}", wasm::limits::kOperandsMax));
}

bool CodeValidator::MatchAll(std::span<const ValType> actual, std::span<const ValType> expected) {
  if (!Spend(actual.size())) return false;
  if (actual.size() != expected.size()) {
    return Fail(ErrorCode::TypeMismatch,
                fmt::format("{} values where {} are needed", actual.size(), expected.size()));
  }
  for (size_t i = 0; i < actual.size(); ++i) {
    if (!Matches(actual[i], expected[i])) return FailOperand(expected[i], actual[i]);
  }
  return true;
}

bool CodeValidator::PopAny(ValType& out) {
  const Frame& frame = control_.back();
  if (operands_.size() == frame.height) {
    out = ValType::Bottom;
    return frame.unreachable || FailUnderflow(ValType::Bottom);
  }
  out = operands_.back();
  operands_.pop_back();
  untouched_ = std::min(untouched_, operands_.size());
  return true;
}

bool CodeValidator::PopRef(ValType& out) {
  if (!PopAny(out)) return false;
  if (out.kind() == wasm::TypeKind::Bottom) out = ValType::Ref(kBottomHeap, false);
  return out.is_ref() || Fail(ErrorCode::TypeMismatch,
                              fmt::format("{} needs a reference but the stack has {}",
                                          wasm::Info(body_->code[at_].op).text, Text(out)));
}

bool CodeValidator::PopAll(std::span<const ValType> types) {
  if (!Spend(types.size())) return false;
  for (size_t i = types.size(); i-- > 0;) {
    if (!Pop(types[i])) return false;
  }
  return true;
}

void CodeValidator::Unreachable() {
  operands_.resize(control_.back().height);
  untouched_ = std::min(untouched_, operands_.size());
  control_.back().unreachable = true;
}

bool CodeValidator::CheckIndex(uint32_t type) {
  return context_.HasType(type) || FailIndex(ErrorCode::UnknownType, type);
}
bool CodeValidator::CheckType(HeapType type) {
  return context_.HasType(type) || FailIndex(ErrorCode::UnknownType, type.index());
}
bool CodeValidator::CheckType(ValType type) { return !type.is_ref() || CheckType(type.heap()); }

void CodeValidator::FailKind(uint32_t type, std::string_view wanted) {
  Fail(ErrorCode::TypeMismatch,
       fmt::format("type {} is no {} type", context_.IndexText(wasm::IndexSpace::Type, type),
                   wanted));
}

const wasm::FuncType* CodeValidator::Func(uint32_t type) {
  if (!CheckIndex(type)) return nullptr;
  const auto* func = std::get_if<wasm::FuncType>(&context_.Composite(type));
  if (!func) FailKind(type, "function");
  return func;
}

const wasm::StructType* CodeValidator::Struct(uint32_t type) {
  if (!CheckIndex(type)) return nullptr;
  const auto* structure = std::get_if<wasm::StructType>(&context_.Composite(type));
  if (!structure) FailKind(type, "structure");
  return structure;
}

const wasm::ArrayType* CodeValidator::Array(uint32_t type) {
  if (!CheckIndex(type)) return nullptr;
  const auto* array = std::get_if<wasm::ArrayType>(&context_.Composite(type));
  if (!array) FailKind(type, "array");
  return array;
}

const wasm::FieldType* CodeValidator::Field(uint32_t type, uint32_t field) {
  const wasm::StructType* structure = Struct(type);
  if (!structure) return nullptr;
  if (field < structure->fields.size()) return &structure->fields[field];
  FailIndex(ErrorCode::UnknownField, field);
  return nullptr;
}

const wasm::TableType* CodeValidator::Table(uint32_t index) {
  if (index < context_.valid.tables.size()) return &context_.valid.tables[index];
  FailIndex(ErrorCode::UnknownTable, index);
  return nullptr;
}

const wasm::MemoryType* CodeValidator::Memory(uint32_t index) {
  if (index < context_.valid.memories.size()) return &context_.valid.memories[index];
  FailIndex(ErrorCode::UnknownMemory, index);
  return nullptr;
}

const Frame* CodeValidator::Label(uint32_t index) {
  if (index < control_.size()) return &control_[control_.size() - 1 - index];
  FailIndex(ErrorCode::UnknownLabel, index);
  return nullptr;
}

bool CodeValidator::CheckElem(uint32_t index) {
  return index < context_.elems.size() || FailIndex(ErrorCode::UnknownElem, index);
}

bool CodeValidator::CheckData(uint32_t index) {
  return index < module_.datas.size() || FailIndex(ErrorCode::UnknownData, index);
}

}  // namespace slabhound::valid
