#include "provide/replay_code.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace slabhound::provide {

using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;

namespace {

// Instructions of all calls of functions by reference: each tries every type that may be its.
constexpr size_t kReferenceCodeMax = 5'000'000;

}  // namespace

void ReplayCode::Depart() {
  code_.Op(Opcode::GlobalGet, counter_).Op(Opcode::Call, replay_.Departed());
  code_.Op(Opcode::Unreachable);
}

uint32_t ReplayCode::Define(wasm::TypeIdx type) && {
  return assembly_.AddFunction(type, std::move(locals_), std::move(code_).Body());
}

ReplayCode::Made ReplayCode::Answer(const wasm::FuncType& type, const ImportCall& call) {
  if (call.arguments.size() != type.params.size()) {
    return Fail(fmt::format("{} arguments of {}", call.arguments.size(), type.params.size()));
  }
  for (uint32_t i = 0; i < params_; ++i) {
    values_.Compare(code_, i, type.params[i], call.arguments[i]);
    code_.If();
    Depart();
    code_.End();
  }
  TRY(Actions(call.actions));
  return Finish(type, call.end);
}

ReplayCode::Made ReplayCode::Finish(const wasm::FuncType& type, const End& end) {
  switch (end.kind) {
    case EndKind::Returned:
      if (end.values.size() != type.results.size()) {
        return Fail(fmt::format("{} results of {}", end.values.size(), type.results.size()));
      }
      for (size_t i = 0; i < end.values.size(); ++i) {
        TRY(values_.Make(code_, end.values[i], type.results[i]));
      }
      return {};
    case EndKind::ThrowObject: {
      const auto object = wasm::ValType::Ref(wasm::AbstractHeap::Extern, true);
      TRY(values_.Make(code_, end.values.empty() ? Value{} : end.values[0], object));
      code_.Op(Opcode::Throw, replay_.ObjectTag());
      return {};
    }
    case EndKind::ThrowTag: {
      TRY_ASSIGN(const uint32_t tag, Find(end.tag, ExternKind::Tag));
      const wasm::FuncType thrown = assembly_.FuncType(assembly_.TagType(tag));
      if (end.values.size() != thrown.params.size()) {
        return Fail(fmt::format("{} values of {}", end.values.size(), thrown.params.size()));
      }
      for (size_t i = 0; i < end.values.size(); ++i) {
        TRY(values_.Make(code_, end.values[i], thrown.params[i]));
      }
      code_.Op(Opcode::Throw, tag);
      return {};
    }
    default:
      code_.Op(Opcode::Unreachable);
      return {};
  }
}

ReplayCode::Made ReplayCode::Actions(const std::vector<Action>& actions) {
  for (const Action& action : actions) {
    if (const auto* write = std::get_if<Write>(&action)) {
      TRY(DoWrite(*write));
    } else {
      TRY(Call(std::get<HostCall>(action)));
    }
  }
  return {};
}

Result<uint32_t, std::string> ReplayCode::Find(const Target& target, ExternKind kind) const {
  if (target.kind == TargetKind::Export) {
    const wasm::Export* found = assembly_.original().FindExport(target.name);
    if (found != nullptr && found->kind == kind) return found->index;
    return Fail(fmt::format("the module has no such export '{}'", Shown(target.name)));
  }
  uint32_t index = 0;
  for (const wasm::Import& import : assembly_.original().imports) {
    if (import.kind() != kind) continue;
    if (import.module == target.module && import.name == target.name) return index;
    ++index;
  }
  return Fail(
      fmt::format("the module has no such import {}.{}", Shown(target.module), Shown(target.name)));
}

ReplayCode::Made ReplayCode::DoWrite(const Write& write) {
  TRY_ASSIGN(const uint32_t memory, Find(write.memory, ExternKind::Memory));
  const bool is_64 = assembly_.MemoryType(memory).limits.is_64;
  if (!is_64 && write.address > UINT32_MAX) return Fail(std::string("an address has 32 bits"));
  const uint32_t data = assembly_.AddData(AsBytes(write.bytes));
  if (is_64) {
    code_.I64(static_cast<int64_t>(write.address));
  } else {
    code_.I32(static_cast<int32_t>(write.address));
  }
  code_.I32(0);
  code_.I32(static_cast<int32_t>(write.bytes.size())).Op(Opcode::MemoryInit, data, memory);
  return {};
}

ReplayCode::Made ReplayCode::Call(const HostCall& call) {
  if (call.target.kind == TargetKind::Ref) return CallReference(call);
  TRY_ASSIGN(const uint32_t function, Find(call.target, ExternKind::Func));
  const wasm::FuncType type = assembly_.FuncType(assembly_.original().FunctionTypeIdx(function));
  return CallAs(call, type, [&] { code_.Op(Opcode::Call, function); });
}

template <typename Emit>
ReplayCode::Made ReplayCode::CallAs(const HostCall& call, const wasm::FuncType& type, Emit emit) {
  if (call.arguments.size() != type.params.size()) {
    return Fail(fmt::format("{} arguments of {}", call.arguments.size(), type.params.size()));
  }
  const bool threw = call.end.kind == EndKind::Threw;
  if (threw) code_.Block().TryTable({}, {{wasm::CatchKind::CatchAll, 0, 0}});
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    TRY(values_.Make(code_, call.arguments[i], type.params[i]));
  }
  emit();
  if (!threw) return TakeResults(call, type);
  for (size_t i = 0; i < type.results.size(); ++i) code_.Op(Opcode::Drop);
  Depart();
  code_.End().Op(Opcode::Unreachable).End();
  return {};
}

ReplayCode::Made ReplayCode::TakeResults(const HostCall& call, const wasm::FuncType& type) {
  const size_t count = type.results.size();
  if (call.end.values.size() != count) {
    return Fail(fmt::format("{} results of {}", call.end.values.size(), count));
  }
  const auto first = params_ + static_cast<uint32_t>(locals_.size());
  locals_.insert(locals_.end(), type.results.begin(), type.results.end());
  for (size_t i = count; i-- > 0;) code_.Op(Opcode::LocalSet, first + static_cast<uint32_t>(i));
  for (uint32_t i = 0; i < count; ++i) {
    values_.Compare(code_, first + i, type.results[i], call.end.values[i]);
    code_.If();
    Depart();
    code_.End();
  }
  return {};
}

// What type the function has is not recorded: of those that take the arguments, the first that it
// is of.
ReplayCode::Made ReplayCode::CallReference(const HostCall& call) {
  std::set<wasm::TypeIdx> types;
  const wasm::Module& original = assembly_.original();
  for (uint32_t i = 0; i < original.FunctionCount(); ++i) {
    types.insert(original.FunctionTypeIdx(i));
  }
  code_.Block();
  for (const wasm::TypeIdx index : types) {
    const wasm::FuncType type = assembly_.FuncType(index);
    const wasm::HeapType heap = wasm::HeapType::Index(index);
    Code before = std::exchange(code_, {});
    const size_t locals_before = locals_.size();
    values_.Function(code_, call.target.number);
    code_.Heap(Opcode::RefTest, heap).If();
    const auto made = CallAs(call, type, [&] {
      values_.Function(code_, call.target.number);
      code_.Heap(Opcode::RefCast, heap).Op(Opcode::CallRef, index);
    });
    const size_t size = code_.raw().code.size();
    if (made) {
      before.Append(code_.Op(Opcode::Br, 1).End());
    } else {
      locals_.resize(locals_before);
    }
    code_ = std::move(before);
    replay_.reference_code_ += size;
    if (replay_.reference_code_ > kReferenceCodeMax) {
      return Fail(std::string("too many calls of functions that have no name"));
    }
  }
  Depart();
  code_.End();
  return {};
}

}  // namespace slabhound::provide
