#include "script/spectest.h"

#include <bit>
#include <utility>
#include <vector>

#include "testcase/meaning.h"

namespace slabhound::script {
namespace {

using machine::Value;
using wasm::ExternKind;
using wasm::ValType;

// Prints nothing: a script's output is its assertions.
machine::Outcome Print(machine::Machine&, std::span<const Value>) { return machine::Returned{}; }

machine::Outcome Collect(machine::Machine& machine, std::span<const Value>) {
  auto collected = machine.CollectGarbage();
  if (!collected) return std::move(collected.error());
  return machine::Returned{};
}

}  // namespace

Spectest::Spectest(machine::Machine& machine) {
  const std::pair<std::string_view, std::vector<ValType>> functions[] = {
      {"print", {}},
      {"print_i32", {ValType::I32}},
      {"print_i64", {ValType::I64}},
      {"print_f32", {ValType::F32}},
      {"print_f64", {ValType::F64}},
      {"print_i32_f32", {ValType::I32, ValType::F32}},
      {"print_f64_f64", {ValType::F64, ValType::F64}},
  };
  for (const auto& [name, params] : functions) {
    const wasm::SubType type{.supers = {}, .composite = wasm::FuncType{params, {}}};
    const wasm::TypeId id = machine.types().AddGroup(std::span(&type, 1), 0, 1, {});
    exports_.emplace(name, machine::Extern{ExternKind::Func, machine.AddHostFunction(id, Print)});
  }
  const wasm::SubType plain{.supers = {}, .composite = wasm::FuncType()};
  const wasm::TypeId id = machine.types().AddGroup(std::span(&plain, 1), 0, 1, {});
  collect_ = {ExternKind::Func, machine.AddHostFunction(id, Collect, /*is_free=*/true)};
  const std::pair<std::string_view, Value> globals[] = {
      {"global_i32", Value::I32(666)},
      {"global_i64", Value::I64(666)},
      {"global_f32", Value::F32Bits(std::bit_cast<uint32_t>(666.6f))},
      {"global_f64", Value::F64Bits(std::bit_cast<uint64_t>(666.6))},
  };
  for (const auto& [name, value] : globals) {
    exports_.emplace(
        name, machine::Extern{ExternKind::Global, machine.AddGlobal({value.type, false}, value)});
  }
  const ValType funcref = ValType::Ref(wasm::AbstractHeap::Func, true);
  for (const bool is_64 : {false, true}) {
    const wasm::TableType type{funcref, {.min = 10, .max = 20, .is_64 = is_64}};
    exports_.emplace(is_64 ? "table64" : "table",
                     machine::Extern{ExternKind::Table, machine.AddTable(type, machine::Ref{})});
  }
  const wasm::MemoryType memory{{.min = 1, .max = 2}};
  exports_.emplace("memory", machine::Extern{ExternKind::Memory, machine.AddMemory(memory)});
}

std::optional<machine::Extern> Spectest::Find(const wasm::Import& import,
                                              const wasm::Module& module) const {
  if (testcase::ForcesCollection(import, module)) return collect_;
  const auto found = exports_.find(import.name);
  if (import.module != "spectest" || found == exports_.end()) return std::nullopt;
  return found->second;
}

}  // namespace slabhound::script
