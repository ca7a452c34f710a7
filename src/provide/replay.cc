#include "provide/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "provide/replay_code.h"

namespace slabhound::provide {
namespace {

using wasm::Code;
using wasm::Opcode;
using wasm::ValType;

std::string ImportText(const wasm::Import& import) {
  return fmt::format("import {}.{}", Shown(import.module), Shown(import.name));
}

// Equal calls without anything meanwhile share their code.
std::optional<std::string> SharedKey(const ImportCall& call) {
  if (!call.actions.empty()) return std::nullopt;
  std::string key = fmt::format("{} {} {} {}:", static_cast<int>(call.end.kind),
                                call.end.tag.module, call.end.tag.name, call.arguments.size());
  for (const std::vector<Value>* values : {&call.arguments, &call.end.values}) {
    for (const Value& value : *values) {
      key += fmt::format("{} {} {}:{} ", static_cast<int>(value.kind), value.bits,
                         value.text.size(), value.text);
    }
  }
  return key;
}

// A run of calls with one code.
struct Run {
  uint32_t first = 0, function = 0;
};

// Calls the function of the run in which the counter's old value, a local, lies.
void Choose(Code& code, std::span<const Run> runs, const wasm::FuncType& type, wasm::TypeIdx block,
            uint32_t counter) {
  if (runs.size() == 1) {
    for (uint32_t i = 0; i < type.params.size(); ++i) code.Op(Opcode::LocalGet, i);
    code.Op(Opcode::Call, runs[0].function);
    return;
  }
  const size_t half = runs.size() / 2;
  code.Op(Opcode::LocalGet, counter).I32(static_cast<int32_t>(runs[half].first));
  code.Op(Opcode::I32LtU).If(wasm::BlockType::Index(block));
  Choose(code, runs.first(half), type, block, counter);
  code.Else();
  Choose(code, runs.subspan(half), type, block, counter);
  code.End();
}

}  // namespace

uint32_t Replay::Departed() {
  if (!departed_) {
    departed_ = assembly_.AddFunctionImport("slabhound", "departed",
                                            assembly_.AddFuncType({{ValType::I32}, {}}));
  }
  return *departed_;
}

// The tag of exceptions of JavaScript: the imported one that is it, or one of its own.
uint32_t Replay::ObjectTag() {
  if (object_tag_) return *object_tag_;
  const wasm::FuncType type{{ValType::Ref(wasm::AbstractHeap::Extern, true)}, {}};
  uint32_t index = 0;
  for (const wasm::Import& import : assembly_.original().imports) {
    const auto* tag = std::get_if<wasm::TagType>(&import.type);
    if (tag == nullptr) continue;
    const Import name{import.module, import.name};
    if (std::ranges::count(answers_.js_tags, name) != 0 && assembly_.FuncType(tag->type) == type) {
      object_tag_ = index;
      return index;
    }
    ++index;
  }
  object_tag_ = assembly_.AddTag(assembly_.AddFuncType(type));
  return *object_tag_;
}

Result<size_t, std::string> Replay::GiveFunction(const wasm::Import& import, uint32_t index) {
  static const std::vector<ImportCall> kNone;
  const wasm::TypeIdx type_index = std::get<wasm::FuncRef>(import.type).type;
  const wasm::FuncType type = assembly_.FuncType(type_index);
  const RecordedImport* recorded = answers_.Find(import.module, import.name);
  const std::vector<ImportCall>& calls = recorded == nullptr ? kNone : recorded->calls;
  const auto params = static_cast<uint32_t>(type.params.size());

  Code zero;
  zero.I32(0);
  const uint32_t counter = assembly_.AddGlobal({ValType::I32, true}, zero.Body());
  const uint32_t log = assembly_.AddFunctionImport(import.module, import.name,
                                                   assembly_.AddFuncType({type.params, {}}));
  std::vector<Run> runs;
  std::map<std::string, uint32_t> shared;
  for (size_t i = 0; i < calls.size(); ++i) {
    const ImportCall& call = calls[i];
    const auto key = SharedKey(call);
    uint32_t function = 0;
    if (const auto found = key ? shared.find(*key) : shared.end(); found != shared.end()) {
      function = found->second;
    } else {
      ReplayCode code(*this, counter, params);
      if (auto made = code.Answer(type, call); !made) {
        return Fail(fmt::format("line {}: {}: {}", call.line, ImportText(import), made.error()));
      }
      function = std::move(code).Define(type_index);
      if (key) shared.emplace(*key, function);
    }
    if (runs.empty() || runs.back().function != function) {
      runs.push_back({static_cast<uint32_t>(i), function});
    }
  }

  // One local behind the parameters: the number of the call, from 0.
  Code code;
  for (uint32_t i = 0; i < params; ++i) code.Op(Opcode::LocalGet, i);
  code.Op(Opcode::Call, log);
  code.Op(Opcode::GlobalGet, counter).Op(Opcode::LocalTee, params).I32(1).Op(Opcode::I32Add);
  code.Op(Opcode::GlobalSet, counter);
  code.Op(Opcode::LocalGet, params).I32(static_cast<int32_t>(calls.size()));
  code.Op(Opcode::I32GeU).If();
  code.Op(Opcode::GlobalGet, counter).Op(Opcode::Call, Departed()).Op(Opcode::Unreachable).End();
  if (runs.empty()) {
    code.Op(Opcode::Unreachable);
  } else {
    Choose(code, runs, type, assembly_.AddFuncType({{}, type.results}), params);
  }
  assembly_.GiveFunction(index, assembly_.AddFunction(type_index, {ValType::I32}, code.Body()));
  return calls.size();
}

bool Replay::GiveOther(const wasm::Import& import, uint32_t index) {
  const Import name{import.module, import.name};
  if (const auto* global = std::get_if<wasm::GlobalType>(&import.type)) {
    const auto found = std::ranges::find(answers_.globals, name, &RecordedGlobal::import);
    if (found == answers_.globals.end()) return false;
    const auto code = values_.Constant(found->value, global->type);
    if (code) assembly_.GiveGlobal(index, code->Body());
    return code.has_value();
  }
  const bool is_table = import.kind() == wasm::ExternKind::Table;
  const auto found = std::ranges::find_if(answers_.sizes, [&](const RecordedSize& size) {
    return size.import == name && size.is_table == is_table;
  });
  if (found == answers_.sizes.end()) return false;
  const auto fits = [&](const wasm::Limits& limits) {
    return found->size >= limits.min && (!limits.max || found->size <= *limits.max);
  };
  if (const auto* memory = std::get_if<wasm::MemoryType>(&import.type)) {
    if (!fits(memory->limits)) return false;
    wasm::Memory given{*memory};
    given.type.limits.min = found->size;
    assembly_.GiveMemory(index, given);
    return true;
  }
  const auto* table = std::get_if<wasm::TableType>(&import.type);
  if (table == nullptr || !fits(table->limits) || !table->element.is_defaultable()) return false;
  wasm::Table given{*table, std::nullopt};
  given.type.limits.min = found->size;
  assembly_.GiveTable(index, given);
  return true;
}

Result<std::vector<std::string>, std::string> Replay::AddOutside() {
  std::vector<std::string> names;
  Code zero;
  zero.I32(0);
  const uint32_t counter = assembly_.AddGlobal({ValType::I32, true}, zero.Body());
  const wasm::TypeIdx type = assembly_.AddFuncType({});
  std::vector<Action> actions;
  for (const Action& action : answers_.outside) {
    actions.push_back(action);
    const auto* call = std::get_if<HostCall>(&action);
    if (call == nullptr) continue;
    ReplayCode code(*this, counter, /*params=*/0);
    if (auto made = code.Actions(actions); !made) {
      return Fail(fmt::format("line {}: {}", call->line, made.error()));
    }
    names.push_back(fmt::format("recorded {}", names.size()));
    assembly_.AddExport(names.back(), std::move(code).Define(type));
    actions.clear();
  }
  return names;
}

}  // namespace slabhound::provide
