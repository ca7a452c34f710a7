#include "diff/host.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "diff/digest.h"

namespace slabhound::diff {
namespace {

using embed::Outcome;
using embed::Returned;
using embed::Value;

constexpr std::string_view kSupport = "fuzzing-support";

wasm::TypeId SignatureOf(wasm::TypeStore& types, wasm::ValType param) {
  const wasm::SubType type{
      .is_final = true, .supers = {}, .composite = wasm::FuncType{{param}, {}}};
  return types.AddGroup(std::span(&type, 1), 0, 1, {});
}

bool IsException(const wasm::TypeStore& types, wasm::ValType type) {
  return type.is_ref() && types.Top(type.heap()) == wasm::AbstractHeap::Exn;
}

// Whether an outcome ends everything, or is what Wasm may see.
bool IsThrown(const Outcome& outcome) { return std::holds_alternative<embed::Thrown>(outcome); }

}  // namespace

Host::Host(embed::Machine& machine, const Prepared& prepared, Trace& trace)
    : machine_(machine), prepared_(prepared), trace_(trace) {
  number_tag_ = machine.AddTag(SignatureOf(machine.types(), wasm::ValType::I32));
  error_tag_ = machine.AddTag(SignatureOf(machine.types(), extern_type_));
}

std::optional<Value> Host::ValueOf(wasm::ValType type, uint64_t number) const {
  using embed::RefKind;
  switch (type.kind()) {
    case wasm::TypeKind::I32:
    case wasm::TypeKind::F32:
      return Value{type, static_cast<uint32_t>(number), {}};
    case wasm::TypeKind::I64:
    case wasm::TypeKind::F64:
      return Value{type, number, {}};
    default:
      break;
  }
  if (type.nullable() && number == 0) return Value::Reference(type, {});
  if (!type.heap().is_index()) {
    switch (type.heap().abstract()) {
      case wasm::AbstractHeap::Any:
      case wasm::AbstractHeap::Eq:
      case wasm::AbstractHeap::I31:
        return Value::Reference(type, {RefKind::I31, static_cast<uint32_t>(number) & 0x7fffffff});
      case wasm::AbstractHeap::Extern:
        return Value::Reference(type, {RefKind::Host, static_cast<uint32_t>(number) & 0xff});
      default:
        break;
    }
  }
  if (type.nullable()) return Value::Reference(type, {});
  return std::nullopt;
}

Result<std::vector<embed::Extern>, std::string> Host::Imports() {
  const valid::ValidModule& module = prepared_.module;
  std::vector<embed::Extern> externs;
  uint32_t next[5] = {};
  for (size_t i = 0; i < module.module->imports.size(); ++i) {
    const wasm::Import& import = module.module->imports[i];
    const uint32_t index = next[static_cast<size_t>(import.kind())]++;
    embed::Extern found{import.kind(), 0};
    switch (import.kind()) {
      case wasm::ExternKind::Func:
        found.address = machine_.AddHostFunction(
            module.functions[index], [this, i](embed::Machine&, std::span<const Value> arguments) {
              return CallImport(i, arguments);
            });
        break;
      case wasm::ExternKind::Global: {
        const wasm::GlobalType& type = module.globals[index];
        uint64_t number = 0;
        if (type.type.is_ref() && !type.type.heap().is_index()) {
          if (type.type.heap().Is(wasm::AbstractHeap::Extern)) {
            for (const char c : import.name) number += static_cast<uint8_t>(c);
            number %= 251;
          } else if (!type.type.nullable()) {
            number = 7;
          }
        }
        const auto value = ValueOf(type.type, number);
        if (!value) {
          return Fail(fmt::format("import {}.{}: no value of type {}", import.module, import.name,
                                  wasm::TypeText(type.type)));
        }
        found.address = machine_.AddGlobal(type, *value);
        break;
      }
      case wasm::ExternKind::Table: {
        const wasm::TableType& type = module.tables[index];
        const auto init = ValueOf(type.element, type.element.nullable() ? 0 : 7);
        if (!init || type.limits.min > machine_.limits().table_elements_max) {
          return Fail(
              fmt::format("import {}.{}: no such table can be had", import.module, import.name));
        }
        found.address = machine_.AddTable(type, init->ref);
        break;
      }
      case wasm::ExternKind::Memory: {
        const wasm::MemoryType& type = module.memories[index];
        if (type.limits.min > machine_.limits().memory_pages_max) {
          return Fail(
              fmt::format("import {}.{}: no such memory can be had", import.module, import.name));
        }
        found.address = machine_.AddMemory(type);
        break;
      }
      case wasm::ExternKind::Tag: {
        const bool is_support = import.module == kSupport;
        if (is_support && import.name == "wasmtag" &&
            machine_.TagType(number_tag_) == module.tags[index]) {
          found.address = number_tag_;
        } else if (is_support && import.name == "jstag" &&
                   machine_.TagType(error_tag_) == module.tags[index]) {
          found.address = error_tag_;
        } else {
          found.address = machine_.AddTag(module.tags[index]);
        }
        break;
      }
    }
    externs.push_back(found);
  }
  return externs;
}

Outcome Host::CallImport(size_t index, std::span<const Value> arguments) {
  const wasm::Import& import = prepared_.module.module->imports[index];
  const auto is = [&](std::string_view name, size_t count) {
    return import.name == name && arguments.size() == count;
  };
  if (import.module == "slabhound" && is("gc", 0)) {
    if (auto collected = machine_.CollectGarbage(); !collected) return std::move(collected.error());
    return Returned{};
  }
  if (import.module == kSupport) {
    if (is("throw", 1)) {
      if (static_cast<uint32_t>(arguments[0].bits) == 0) return ThrowError();
      return Throw(number_tag_, arguments[0]);
    }
    if (is("table-get", 1)) return TableGet(arguments[0]);
    if (is("table-set", 2)) return TableSet(arguments[0], arguments[1]);
    if (is("sleep", 2)) return Returned{{arguments[1]}};
    const bool is_catch = import.name == "call-export-catch" || import.name == "call-ref-catch";
    if (import.name.starts_with("call-") && arguments.size() == (is_catch ? 1u : 2u)) {
      Outcome outcome =
          import.name.starts_with("call-ref") && arguments[0].ref.kind == embed::RefKind::Func
              ? CallFunction(arguments[0].ref.payload)
          : import.name.starts_with("call-ref") ? ThrowError()
                                                : CallExport(arguments[0]);
      if (!is_catch) return outcome;
      if (IsThrown(outcome)) return Returned{{Value::I32(1)}};
      if (std::holds_alternative<Returned>(outcome)) return Returned{{Value::I32(0)}};
      return outcome;
    }
  }
  return Log(import, arguments);
}

Outcome Host::Throw(embed::TagAddr tag, const Value& payload) {
  auto exception = machine_.NewException(tag, std::span(&payload, 1));
  if (!exception) {
    return std::visit([](auto& each) -> Outcome { return std::move(each); }, exception.error());
  }
  return embed::Thrown{*exception};
}

Outcome Host::ThrowError() {
  return Throw(error_tag_, Value::Reference(extern_type_, {embed::RefKind::Host, kErrorObject}));
}

std::optional<embed::TableAddr> Host::ExportedTable() const {
  if (!instance_) return std::nullopt;
  const auto found = machine_.FindExport(*instance_, "table");
  if (!found || found->kind != wasm::ExternKind::Table) return std::nullopt;
  return found->address;
}

Outcome Host::TableGet(const Value& index) {
  const auto table = ExportedTable();
  const auto at = static_cast<uint32_t>(index.bits);
  if (!table || at >= machine_.TableTypeOf(*table).limits.min) return ThrowError();
  auto value = machine_.ReadTable(*table, at);
  if (!value) return std::move(value.error());
  // The import's result is a funcref; a table of anything else has none to give.
  if (value->ref.kind != embed::RefKind::Func && value->ref.kind != embed::RefKind::Null)
    return ThrowError();
  return Returned{{*value}};
}

Outcome Host::TableSet(const Value& index, const Value& value) {
  const auto table = ExportedTable();
  const auto at = static_cast<uint32_t>(index.bits);
  if (!table) return ThrowError();
  const wasm::TableType type = machine_.TableTypeOf(*table);
  if (at >= type.limits.min || !machine_.types().IsSubtype(value.type, type.element))
    return ThrowError();
  machine_.WriteTable(*table, at, value.ref);
  return Returned{};
}

Outcome Host::CallExport(const Value& index) {
  const auto& exports = prepared_.module.module->exports;
  const auto at = static_cast<uint32_t>(index.bits);
  if (!instance_ || at >= exports.size() || exports[at].kind != wasm::ExternKind::Func)
    return ThrowError();
  return CallFunction(machine_.FindExport(*instance_, exports[at].name)->address);
}

Outcome Host::CallFunction(embed::FuncAddr function) {
  const wasm::TypeStore& types = machine_.types();
  const auto& signature =
      std::get<wasm::FuncType>(types[machine_.FunctionType(function)].composite);
  std::vector<Value> arguments;
  for (const wasm::ValType param : signature.params) {
    if (param == wasm::ValType::I64 || !param.is_defaultable() || IsException(types, param))
      return ThrowError();
    arguments.push_back(*ValueOf(param, 0));
  }
  for (const wasm::ValType result : signature.results) {
    if (IsException(types, result)) return ThrowError();
  }
  Outcome outcome = machine_.Call(function, arguments);
  if (std::holds_alternative<Returned>(outcome)) return Returned{};
  return outcome;
}

Outcome Host::Log(const wasm::Import& import, std::span<const Value> arguments) {
  std::string text;
  for (const Value& argument : arguments) {
    auto written = ValueText(machine_, argument);
    if (!written) return std::move(written.error());
    if (!text.empty()) text += ", ";
    text += *written;
  }
  if (++logged_ <= kLoggedEventsMax) {
    trace_.events.push_back({EventKind::Import, import.name, std::move(text)});
  } else {
    ++folded_;
    folded_hash_ = HashCombine(
        folded_hash_, HashCombine(HashBytes(AsBytes(import.name)), HashBytes(AsBytes(text))));
  }
  const wasm::TypeStore& types = machine_.types();
  const wasm::TypeIdx type = std::get<wasm::FuncRef>(import.type).type;
  const auto& signature =
      std::get<wasm::FuncType>(types[prepared_.module.type_ids[type]].composite);
  Returned returned;
  for (const wasm::ValType result : signature.results) {
    if (!result.is_defaultable()) return embed::Trap{embed::TrapKind::Host};
    returned.values.push_back(*ValueOf(result, 0));
  }
  return returned;
}

std::string Host::TakeFolded() {
  if (folded_ == 0) return {};
  std::string text = fmt::format(" ({} more import calls, {})", folded_, HashText(folded_hash_));
  folded_ = 0;
  folded_hash_ = 0;
  return text;
}

}  // namespace slabhound::diff
