#include "trace/host.h"

#include <fmt/format.h>

#include <array>

#include "base/check.h"

namespace slabhound::trace {
namespace {

using machine::Extern;
using machine::Machine;
using machine::Outcome;
using machine::RefKind;
using machine::Value;
using testcase::Meaning;
using wasm::AbstractHeap;
using wasm::ValType;

constexpr ValType kExternRef = ValType::Ref(AbstractHeap::Extern, /*nullable=*/true);
constexpr ValType kFuncRef = ValType::Ref(AbstractHeap::Func, /*nullable=*/true);

const wasm::FuncType& SignatureOf(const wasm::TypeStore& types, wasm::TypeId type) {
  return std::get<wasm::FuncType>(types[type].composite);
}

wasm::TypeId TagTypeOf(wasm::TypeStore& types, ValType param) {
  const wasm::SubType type{
      .is_final = true, .supers = {}, .composite = wasm::FuncType{{param}, {}}};
  return types.AddGroup(std::span(&type, 1), 0, 1, {});
}

// What a -catch import makes of an outcome.
Outcome Caught(Outcome outcome) {
  if (std::holds_alternative<machine::Thrown>(outcome)) return machine::Returned{{Value::I32(1)}};
  if (std::holds_alternative<machine::Returned>(outcome)) return machine::Returned{{Value::I32(0)}};
  return outcome;
}

}  // namespace

Host::Host(Machine& machine, const testcase::Prepared& prepared, Trace& trace, WalkBudget& walks)
    : machine_(machine), prepared_(prepared), events_(trace), walks_(walks) {
  number_tag_ = machine.AddTag(TagTypeOf(machine.types(), ValType::I32));
  error_tag_ = machine.AddTag(TagTypeOf(machine.types(), kExternRef));
}

std::optional<Value> Host::ValueOf(ValType type, uint64_t number) {
  const auto value = testcase::ValueOf(type, number);
  if (!value) return std::nullopt;
  switch (value->kind) {
    case testcase::PlainKind::Number:
      return Value{type, value->bits, {}, type.is_vector() ? value->bits : 0};
    case testcase::PlainKind::Null:
      return Value::Reference(type, {});
    case testcase::PlainKind::I31:
      return Value::Reference(type, {RefKind::I31, static_cast<uint32_t>(value->bits)});
    case testcase::PlainKind::Host:
      return Value::Reference(type, {RefKind::Host, static_cast<uint32_t>(value->bits)});
  }
  UNREACHABLE();
}

Result<std::vector<Extern>, std::string> Host::Imports() {
  const valid::ValidModule& module = prepared_.module;
  std::vector<Extern> externs;
  externs.reserve(module.module->imports.size());
  std::array<uint32_t, 5> next = {};
  for (size_t i = 0; i < module.module->imports.size(); ++i) {
    const wasm::Import& import = module.module->imports[i];
    const uint32_t index = next[static_cast<size_t>(import.kind())]++;
    const auto make = [&]() -> Result<Extern, std::string> {
      switch (import.kind()) {
        case wasm::ExternKind::Func:
          return FunctionImport(i, module.functions[index]);
        case wasm::ExternKind::Table:
          return TableImport(module.tables[index]);
        case wasm::ExternKind::Memory:
          return MemoryImport(module.memories[index]);
        case wasm::ExternKind::Global:
          return GlobalImport(import, module.globals[index]);
        case wasm::ExternKind::Tag:
          return TagImport(import, module.tags[index]);
      }
      UNREACHABLE();
    };
    auto made = make();
    if (!made) {
      return Fail(fmt::format("import {}.{}: {}", import.module, import.name, made.error()));
    }
    externs.push_back(*made);
  }
  return externs;
}

Result<Extern, std::string> Host::FunctionImport(size_t import, wasm::TypeId type) {
  const wasm::Import& declared = prepared_.module.module->imports[import];
  const Meaning meaning =
      testcase::FindMeaning(declared.module, declared.name, SignatureOf(machine_.types(), type));
  const auto address = machine_.AddHostFunction(
      type,
      [this, import, meaning](Machine&, std::span<const Value> arguments) {
        return CallImport(import, meaning, arguments);
      },
      /*is_free=*/meaning == Meaning::Gc);
  return Extern{wasm::ExternKind::Func, address};
}

Result<Extern, std::string> Host::GlobalImport(const wasm::Import& import,
                                               const wasm::GlobalType& type) {
  const auto value = ValueOf(type.type, testcase::NumberOfGlobal(import.name, type.type));
  if (!value) return Fail(fmt::format("no value of type {}", wasm::TypeText(type.type)));
  return Extern{wasm::ExternKind::Global, machine_.AddGlobal(type, *value)};
}

Result<Extern, std::string> Host::TableImport(const wasm::TableType& type) {
  const machine::Limits& limits = machine_.limits();
  const auto init = ValueOf(type.element, testcase::NumberOfElements(type.element));
  if (!init) return Fail(fmt::format("no value of type {}", wasm::TypeText(type.element)));
  const uint64_t min = type.limits.min;
  if (min > limits.table_elements_max) {
    return Fail(testcase::TooLargeText("a table", min, "elements", limits.table_elements_max));
  }
  if (min > limits.table_elements_total_max - table_elements_) {
    return Fail(testcase::TooLargeText("tables", table_elements_ + min, "elements",
                                       limits.table_elements_total_max));
  }
  table_elements_ += min;
  return Extern{wasm::ExternKind::Table, machine_.AddTable(type, init->ref)};
}

Result<Extern, std::string> Host::MemoryImport(const wasm::MemoryType& type) {
  const machine::Limits& limits = machine_.limits();
  const uint64_t min = type.limits.min;
  if (min > limits.memory_pages_max) {
    return Fail(testcase::TooLargeText("a memory", min, "pages", testcase::kMemoryMinimumMax));
  }
  if (min > limits.memory_pages_total_max - memory_pages_) {
    return Fail(testcase::TooLargeText("memories", memory_pages_ + min, "pages",
                                       limits.memory_pages_total_max));
  }
  memory_pages_ += min;
  return Extern{wasm::ExternKind::Memory, machine_.AddMemory(type)};
}

Result<Extern, std::string> Host::TagImport(const wasm::Import& import, wasm::TypeId type) {
  if (import.module == "fuzzing-support") {
    for (const auto& [name, tag] :
         {std::pair("wasmtag", number_tag_), std::pair("jstag", error_tag_)}) {
      if (import.name == name && machine_.TagType(tag) == type) {
        return Extern{wasm::ExternKind::Tag, tag};
      }
    }
  }
  return Extern{wasm::ExternKind::Tag, machine_.AddTag(type)};
}

Outcome Host::CallImport(size_t import, Meaning meaning, std::span<const Value> arguments) {
  switch (meaning) {
    case Meaning::Throw:
      if (static_cast<uint32_t>(arguments[0].bits) == 0) return ThrowError();
      return Throw(number_tag_, arguments[0]);
    case Meaning::TableGet:
      return TableGet(arguments[0]);
    case Meaning::TableSet:
      return TableSet(arguments[0], arguments[1]);
    case Meaning::CallExport:
      return CallExport(arguments[0]);
    case Meaning::CallExportCatch:
      return Caught(CallExport(arguments[0]));
    case Meaning::CallRef:
      return CallRef(arguments[0]);
    case Meaning::CallRefCatch:
      return Caught(CallRef(arguments[0]));
    case Meaning::Sleep:
      return machine::Returned{{arguments[1]}};
    case Meaning::Gc: {
      auto collected = machine_.CollectGarbage();
      if (!collected) return std::move(collected.error());
      return machine::Returned{};
    }
    case Meaning::Log:
      return Log(prepared_.module.module->imports[import], arguments);
  }
  UNREACHABLE();
}

Outcome Host::Throw(machine::TagAddr tag, const Value& payload) {
  auto exception = machine_.NewException(tag, std::span(&payload, 1));
  if (!exception) {
    return std::visit([](auto& each) -> Outcome { return std::move(each); }, exception.error());
  }
  return machine::Thrown{*exception};
}

Outcome Host::ThrowError() {
  return Throw(error_tag_, Value::Reference(kExternRef, {RefKind::Host, testcase::kErrorObject}));
}

std::optional<machine::TableAddr> Host::ExportedTable() const {
  if (!instance_) return std::nullopt;
  const auto found = machine_.FindExport(*instance_, "table");
  if (!found || found->kind != wasm::ExternKind::Table) return std::nullopt;
  return found->address;
}

Outcome Host::TableGet(const Value& index) {
  const auto table = ExportedTable();
  if (!table) return ThrowError();
  const auto at = static_cast<uint32_t>(index.bits);
  const wasm::TableType type = machine_.TableTypeOf(*table);
  if (at >= type.limits.min || !machine_.types().IsSubtype(type.element, kFuncRef)) {
    return ThrowError();
  }
  auto value = machine_.ReadTable(*table, at);
  if (!value) return std::move(value.error());
  return machine::Returned{{Value::Reference(kFuncRef, value->ref)}};
}

Outcome Host::TableSet(const Value& index, const Value& value) {
  const auto table = ExportedTable();
  if (!table) return ThrowError();
  const auto at = static_cast<uint32_t>(index.bits);
  const wasm::TableType type = machine_.TableTypeOf(*table);
  if (at >= type.limits.min || !machine_.types().IsSubtype(kFuncRef, type.element)) {
    return ThrowError();
  }
  machine_.WriteTable(*table, at, value.ref);
  return machine::Returned{};
}

Outcome Host::CallExport(const Value& index) {
  const auto& exports = prepared_.module.module->exports;
  const auto at = static_cast<uint32_t>(index.bits);
  if (!instance_ || at >= exports.size() || exports[at].kind != wasm::ExternKind::Func) {
    return ThrowError();
  }
  const auto found = machine_.FindExport(*instance_, exports[at].name);
  CHECK(found.has_value());
  return CallFunction(found->address);
}

Outcome Host::CallRef(const Value& function) {
  if (function.ref.kind != RefKind::Func) return ThrowError();
  return CallFunction(function.ref.payload);
}

Outcome Host::CallFunction(machine::FuncAddr function) {
  const wasm::TypeStore& types = machine_.types();
  const wasm::FuncType& signature = SignatureOf(types, machine_.FunctionType(function));
  if (!testcase::IsCalledByHost(types, signature)) return ThrowError();
  std::vector<Value> arguments;
  arguments.reserve(signature.params.size());
  for (const ValType param : signature.params) arguments.push_back(*ValueOf(param, 0));
  if (reentries_ == kReentriesMax) return machine::Exhausted{machine::Resource::Heap};
  ++reentries_;
  Outcome outcome = machine_.Call(function, arguments);
  --reentries_;
  if (std::holds_alternative<machine::Returned>(outcome)) return machine::Returned{};
  return outcome;
}

Outcome Host::Log(const wasm::Import& import, std::span<const Value> arguments) {
  Imported call;
  call.arguments.reserve(arguments.size());
  for (const Value& argument : arguments) {
    auto told = TellValue(machine_, argument, walks_);
    if (!told) return std::move(told.error());
    call.arguments.push_back(*told);
  }
  events_.Add(import.name, std::move(call));
  const wasm::TypeIdx type = std::get<wasm::FuncRef>(import.type).type;
  machine::Returned returned;
  const auto& results = SignatureOf(machine_.types(), prepared_.module.type_ids[type]).results;
  returned.values.reserve(results.size());
  for (const ValType result : results) {
    if (!result.is_defaultable()) return machine::Trap{machine::TrapKind::Host};
    returned.values.push_back(*ValueOf(result, 0));
  }
  return returned;
}

}  // namespace slabhound::trace
