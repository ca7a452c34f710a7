// Closing a module: what it imported becomes its own (form.h).
#include <fmt/format.h>

#include <algorithm>

#include "portable/form.h"

namespace slabhound::portable {
namespace {

using wasm::Code;
using wasm::Opcode;
using wasm::ValType;

Result<void, PortableError> CannotBe(const wasm::Import& import, std::string why) {
  return Fail(PortableError{fmt::format("import {}.{}: {}", import.module, import.name, why)});
}

void Bound(wasm::Limits& limits, uint64_t max) {
  limits.max = std::min(limits.max.value_or(max), max);
}

// Globals that need a host object, by themselves or through another global.
class LateGlobals {
 public:
  explicit LateGlobals(Form& form) : form_(form) {}

  void Find() {
    form_.late.resize(form_.global_types.size());
    form_.late_values.resize(form_.global_types.size());
    for (uint32_t i = 0; i < form_.global_types.size(); ++i) {
      if (NeedsHost(form_.made.globals[i].init)) MakeLate(i);
    }
    if (std::ranges::none_of(form_.late, [](bool is_late) { return is_late; })) form_.late.clear();
  }

  bool NeedsHost(const wasm::Body& body) const {
    return std::ranges::any_of(body.code, [this](const wasm::Instr& instr) {
      return instr.op == Opcode::Call || (instr.op == Opcode::GlobalGet && form_.IsLate(instr.a));
    });
  }

 private:
  void MakeLate(uint32_t index) {
    wasm::Global& global = form_.made.globals[index];
    Code value;
    for (const wasm::Instr& instr : global.init.code) {
      if (instr.op == Opcode::GlobalGet) {
        form_.GetGlobal(value, instr.a);
      } else if (instr.op != Opcode::End) {
        value.Op(instr.op, instr.a, instr.b, instr.bits);
      }
    }
    form_.late[index] = true;
    form_.late_values[index] = value.raw();
    global.type = {global.type.type.WithNullable(true), true};
    global.init = Code().Heap(Opcode::RefNull, global.type.type.heap()).Body();
  }

  Form& form_;
};

Result<void, PortableError> AddImports(Form& form) {
  for (const wasm::Import& import : form.original.imports) {
    if (const auto* type = std::get_if<wasm::GlobalType>(&import.type)) {
      const auto value =
          testcase::ValueOf(type->type, testcase::NumberOfGlobal(import.name, type->type));
      if (!value) return CannotBe(import, "no value of its type");
      Code init;
      form.Constant(init, type->type, *value);
      form.made.globals.push_back({.type = *type, .init = init.Body(), .offset = 0});
    } else if (const auto* table = std::get_if<wasm::TableType>(&import.type)) {
      const auto value =
          testcase::ValueOf(table->element, testcase::NumberOfElements(table->element));
      if (!value) return CannotBe(import, "no value of its type");
      wasm::Table made{.type = *table, .init = std::nullopt, .offset = 0};
      if (value->kind != testcase::PlainKind::Null) {
        Code init;
        form.Constant(init, table->element, *value);
        made.init = init.Body();
      }
      form.made.tables.push_back(std::move(made));
    } else if (const auto* memory = std::get_if<wasm::MemoryType>(&import.type)) {
      form.made.memories.push_back({.type = *memory, .offset = 0});
    }
  }
  return {};
}

// Tables come before globals: what an initializer reads is an imported global's constant.
Result<void, PortableError> InlineTableGlobals(Form& form, const LateGlobals& late) {
  for (wasm::Table& table : form.made.tables) {
    if (!table.init) continue;
    if (late.NeedsHost(*table.init)) {
      return Fail(PortableError{"a table is filled with host objects"});
    }
    Code init;
    for (const wasm::Instr& instr : table.init->code) {
      if (instr.op == Opcode::End) continue;
      if (instr.op != Opcode::GlobalGet) {
        init.Op(instr.op, instr.a, instr.b, instr.bits);
        continue;
      }
      for (const wasm::Instr& constant : form.made.globals[instr.a].init.code) {
        if (constant.op != Opcode::End) {
          init.Op(constant.op, constant.a, constant.b, constant.bits);
        }
      }
    }
    table.init = init.Body();
  }
  return {};
}

void AddTags(Form& form) {
  const auto type_of = [&form](ValType param) {
    const wasm::SubType type{
        .is_final = true, .supers = {}, .composite = wasm::FuncType{{param}, {}}};
    return form.types.AddGroup(std::span(&type, 1), 0, 1, {});
  };
  std::optional<uint32_t> number_tag, error_tag;
  uint32_t next = 2, index = 0;
  const auto add = [&](std::string_view module, std::string_view name) {
    const wasm::TypeId type = form.type_ids[form.tag_types[index]];
    const bool support = module == "fuzzing-support";
    if (support && name == "wasmtag" && type == type_of(ValType::I32)) {
      if (!number_tag) number_tag = index;
      form.tag_of.push_back(*number_tag);
      form.tag_numbers.push_back(0);
    } else if (support && name == "jstag" && type == type_of(kExternRef)) {
      if (!error_tag) error_tag = index;
      form.tag_of.push_back(*error_tag);
      form.tag_numbers.push_back(1);
    } else {
      form.tag_of.push_back(index);
      form.tag_numbers.push_back(next++);
    }
    form.made.tags.push_back({.type = {form.tag_types[index]}, .offset = 0});
    ++index;
  };
  for (const wasm::Import& import : form.original.imports) {
    if (import.kind() == wasm::ExternKind::Tag) add(import.module, import.name);
  }
  for (size_t i = 0; i < form.original.tags.size(); ++i) add({}, {});
  const auto own = [&](ValType param, uint32_t number) {
    form.tag_types.push_back(form.FuncType({param}, {}));
    form.made.tags.push_back({.type = {form.tag_types.back()}, .offset = 0});
    form.tag_of.push_back(static_cast<uint32_t>(form.made.tags.size() - 1));
    form.tag_numbers.push_back(number);
    return form.tag_of.back();
  };
  form.number_tag = number_tag ? *number_tag : own(ValType::I32, 0);
  form.error_tag = error_tag ? *error_tag : own(kExternRef, 1);
}

}  // namespace

Result<void, PortableError> CloseModule(Form& form) {
  const wasm::Module& original = form.original;
  TRY(AddImports(form));
  wasm::Module& made = form.made;
  made.globals.insert(made.globals.end(), original.globals.begin(), original.globals.end());
  made.tables.insert(made.tables.end(), original.tables.begin(), original.tables.end());
  made.memories.insert(made.memories.end(), original.memories.begin(), original.memories.end());
  made.elems = original.elems;
  made.datas = original.datas;
  made.data_count = original.data_count;
  for (wasm::Table& table : made.tables) {
    const uint64_t max = form.options.table_elements_max;
    if (table.type.limits.min > max) {
      return Fail(
          PortableError{testcase::TooLargeText("a table", table.type.limits.min, "elements", max)});
    }
    Bound(table.type.limits, max);
  }
  const uint64_t pages_max = testcase::MemoryPagesMax(original, form.options.memory_pages_max);
  for (wasm::Memory& memory : made.memories) {
    if (memory.type.limits.min > pages_max) {
      return Fail(PortableError{testcase::TooLargeText("a memory", memory.type.limits.min, "pages",
                                                       testcase::kMemoryMinimumMax)});
    }
    Bound(memory.type.limits, pages_max);
  }
  LateGlobals late(form);
  late.Find();
  TRY(InlineTableGlobals(form, late));
  for (const wasm::ElemSegment& elem : made.elems) {
    for (const wasm::Body& item : elem.items) {
      if (late.NeedsHost(item)) {
        return Fail(PortableError{"an element segment holds host objects"});
      }
    }
  }
  if (form.throws) AddTags(form);
  if (!form.options.exceptions) made.tags.clear();
  return {};
}

}  // namespace slabhound::portable
