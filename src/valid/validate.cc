#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "valid/code.h"
#include "valid/module_context.h"
#include "valid/types.h"
#include "wasm/limits.h"

namespace slabhound::valid {
namespace {

using wasm::ErrorCode;
using wasm::ExternKind;
using wasm::ValType;
using Checked = Result<void, wasm::Error>;

// The largest sizes (spec 3.2.15 to 3.2.17): elements of a table, pages of a memory.
constexpr uint64_t TableRange(bool is_64) { return is_64 ? UINT64_MAX : UINT32_MAX; }
constexpr uint64_t MemoryRange(bool is_64) { return uint64_t{1} << (is_64 ? 48 : 16); }

// Validates the parts of a module in the order of its sections, filling the index spaces as it
// goes.
class ModuleValidator {
 public:
  ModuleValidator(const wasm::Module& module, ValidModule& valid, std::vector<FunctionNotes>* notes,
                  Notes* all)
      : module_(module),
        valid_(valid),
        notes_(all != nullptr ? &all->functions : notes),
        all_(all),
        context_{module, valid, {}, {}, 0},
        code_(context_) {}

  Checked Run() {
    TRY(ValidateTypes(module_, valid_));
    for (const wasm::Import& import : module_.imports) TRY(CheckImport(import));
    for (const wasm::Function& function : module_.functions) {
      TRY(AddFunction(function.type, function.offset));
    }
    CollectDeclared();
    // Table initializers see imported globals only (spec 3.5.14).
    context_.visible_globals = static_cast<uint32_t>(valid_.globals.size());
    for (const wasm::Table& table : module_.tables) TRY(CheckTable(table));
    for (const wasm::Memory& memory : module_.memories) TRY(AddMemory(memory.type, memory.offset));
    for (const wasm::Tag& tag : module_.tags) TRY(AddTag(tag.type.type, tag.offset));
    for (const wasm::Global& global : module_.globals) TRY(CheckGlobal(global));
    TRY(CheckExports());
    if (module_.start) TRY(CheckStart(*module_.start));
    for (const wasm::ElemSegment& elem : module_.elems) TRY(CheckElem(elem));
    for (const wasm::DataSegment& data : module_.datas) TRY(CheckData(data));
    const size_t imported = valid_.functions.size() - module_.functions.size();
    for (size_t i = 0; i < module_.functions.size(); ++i) {
      if (notes_) code_.NoteInto(&notes_->emplace_back());
      if (all_) {
        code_.WideningsInto(&all_->widenings.emplace_back(), &all_->several.emplace_back());
      }
      TRY(code_.ValidateFunction(static_cast<uint32_t>(imported + i), module_.functions[i],
                                 *context_.Func(valid_.functions[imported + i])));
    }
    return {};
  }

 private:
  Checked CheckType(ValType type, uint32_t offset) {
    if (context_.HasType(type)) return {};
    return Invalid(ErrorCode::UnknownType, offset, fmt::format("{}", type.heap().index()));
  }

  Checked CheckFuncType(wasm::TypeIdx type, uint32_t offset) {
    if (type >= valid_.type_ids.size()) {
      return Invalid(ErrorCode::UnknownType, offset, fmt::format("{}", type));
    }
    if (context_.Func(valid_.type_ids[type])) return {};
    return Invalid(ErrorCode::TypeMismatch, offset,
                   fmt::format("type {} is no function type",
                               context_.IndexText(wasm::IndexSpace::Type, type)));
  }

  Checked CheckLimits(const wasm::Limits& limits, uint64_t range, ErrorCode code, uint32_t offset) {
    if (limits.min > range || limits.max.value_or(0) > range) {
      return Invalid(code, offset, fmt::format("must be at most {}", range));
    }
    if (limits.max && limits.min > *limits.max) return Invalid(ErrorCode::BadLimits, offset);
    return {};
  }

  Checked AddFunction(wasm::TypeIdx type, uint32_t offset) {
    TRY(CheckFuncType(type, offset));
    valid_.functions.push_back(valid_.type_ids[type]);
    return {};
  }

  Checked AddTable(const wasm::TableType& type, uint32_t offset) {
    TRY(CheckType(type.element, offset));
    TRY(CheckLimits(type.limits, TableRange(type.limits.is_64), ErrorCode::TableSize, offset));
    valid_.tables.push_back({valid_.Canonical(type.element), type.limits});
    return {};
  }

  Checked AddMemory(const wasm::MemoryType& type, uint32_t offset) {
    TRY(CheckLimits(type.limits, MemoryRange(type.limits.is_64), ErrorCode::MemorySize, offset));
    valid_.memories.push_back(type);
    return {};
  }

  Checked AddGlobal(const wasm::GlobalType& type, uint32_t offset) {
    TRY(CheckType(type.type, offset));
    valid_.globals.push_back({valid_.Canonical(type.type), type.is_mutable});
    return {};
  }

  Checked AddTag(wasm::TypeIdx type, uint32_t offset) {
    TRY(CheckFuncType(type, offset));
    if (!context_.Func(valid_.type_ids[type])->results.empty()) {
      return Invalid(ErrorCode::BadTagType, offset);
    }
    valid_.tags.push_back(valid_.type_ids[type]);
    return {};
  }

  Checked CheckImport(const wasm::Import& import) {
    const uint32_t offset = import.offset;
    switch (import.kind()) {
      case ExternKind::Func:
        return AddFunction(std::get<wasm::FuncRef>(import.type).type, offset);
      case ExternKind::Table:
        return AddTable(std::get<wasm::TableType>(import.type), offset);
      case ExternKind::Memory:
        return AddMemory(std::get<wasm::MemoryType>(import.type), offset);
      case ExternKind::Global:
        return AddGlobal(std::get<wasm::GlobalType>(import.type), offset);
      case ExternKind::Tag:
        return AddTag(std::get<wasm::TagType>(import.type).type, offset);
    }
    return {};
  }

  // C.refs: functions that occur in the module outside of function bodies and the start section.
  void CollectDeclared() {
    context_.declared.assign(valid_.functions.size(), 0);
    const auto declare = [&](uint32_t index) {
      if (index < context_.declared.size()) context_.declared[index] = 1;
    };
    const auto declare_all = [&](const wasm::Body& body) {
      for (const wasm::Instr& instr : body.code) {
        if (instr.op == wasm::Opcode::RefFunc) declare(instr.a);
      }
    };
    for (const wasm::Table& table : module_.tables) {
      if (table.init) declare_all(*table.init);
    }
    for (const wasm::Global& global : module_.globals) declare_all(global.init);
    for (const wasm::Export& exported : module_.exports) {
      if (exported.kind == ExternKind::Func) declare(exported.index);
    }
    for (const wasm::ElemSegment& elem : module_.elems) {
      declare_all(elem.table_offset);
      for (const wasm::Body& item : elem.items) declare_all(item);
    }
    for (const wasm::DataSegment& data : module_.datas) declare_all(data.memory_offset);
  }

  Checked CheckTable(const wasm::Table& table) {
    TRY(AddTable(table.type, table.offset));
    const ValType element = valid_.tables.back().element;
    if (table.init) return code_.ValidateConstant(*table.init, element);
    if (element.is_defaultable()) return {};
    return Invalid(
        ErrorCode::TypeMismatch, table.offset,
        fmt::format("the table's elements, {}, have no default", context_.TypeText(element)));
  }

  Checked CheckGlobal(const wasm::Global& global) {
    TRY(CheckType(global.type.type, global.offset));
    TRY(code_.ValidateConstant(global.init, valid_.Canonical(global.type.type)));
    TRY(AddGlobal(global.type, global.offset));
    ++context_.visible_globals;
    return {};
  }

  Checked CheckExports() {
    for (const wasm::Export& exported : module_.exports) {
      const auto [code, count] = [&]() -> std::pair<ErrorCode, size_t> {
        switch (exported.kind) {
          case ExternKind::Func:
            return {ErrorCode::UnknownFunction, valid_.functions.size()};
          case ExternKind::Table:
            return {ErrorCode::UnknownTable, valid_.tables.size()};
          case ExternKind::Memory:
            return {ErrorCode::UnknownMemory, valid_.memories.size()};
          case ExternKind::Global:
            return {ErrorCode::UnknownGlobal, valid_.globals.size()};
          case ExternKind::Tag:
            break;
        }
        return {ErrorCode::UnknownTag, valid_.tags.size()};
      }();
      if (exported.index >= count) {
        return Invalid(code, exported.offset, fmt::format("{}", exported.index));
      }
    }
    // Sorted by name and position, a duplicate stands behind its first occurrence.
    std::vector<uint32_t> order(module_.exports.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto name = [&](uint32_t i) -> const std::string& { return module_.exports[i].name; };
    std::ranges::sort(order, [&](uint32_t a, uint32_t b) {
      const int compared = name(a).compare(name(b));
      return compared != 0 ? compared < 0 : a < b;
    });
    const auto twin = std::ranges::adjacent_find(order, {}, name);
    if (twin == order.end()) return {};
    const wasm::Export& duplicate = module_.exports[*(twin + 1)];
    return Invalid(ErrorCode::DuplicateExport, duplicate.offset, duplicate.name);
  }

  Checked CheckStart(uint32_t index) {
    if (index >= valid_.functions.size()) {
      return Invalid(ErrorCode::UnknownFunction, module_.start_offset, fmt::format("{}", index));
    }
    const wasm::FuncType& type = *context_.Func(valid_.functions[index]);
    if (type.params.empty() && type.results.empty()) return {};
    return Invalid(ErrorCode::BadStart, module_.start_offset, "must take and return nothing");
  }

  static ValType AddressType(const wasm::Limits& limits) {
    return limits.is_64 ? ValType::I64 : ValType::I32;
  }

  Checked CheckElem(const wasm::ElemSegment& elem) {
    TRY(CheckType(elem.type, elem.offset));
    const ValType type = valid_.Canonical(elem.type);
    context_.elems.push_back(type);
    for (const wasm::Body& item : elem.items) TRY(code_.ValidateConstant(item, type));
    if (elem.mode != wasm::SegmentMode::Active) return {};
    if (elem.table >= valid_.tables.size()) {
      return Invalid(ErrorCode::UnknownTable, elem.offset, fmt::format("{}", elem.table));
    }
    const wasm::TableType& table = valid_.tables[elem.table];
    if (!valid_.types->IsSubtype(type, table.element)) {
      return Invalid(
          ErrorCode::TypeMismatch, elem.offset,
          fmt::format("the segment of {} does not match table {} of {}", context_.TypeText(type),
                      context_.IndexText(wasm::IndexSpace::Table, elem.table),
                      context_.TypeText(table.element)));
    }
    return code_.ValidateConstant(elem.table_offset, AddressType(table.limits));
  }

  Checked CheckData(const wasm::DataSegment& data) {
    if (data.mode != wasm::SegmentMode::Active) return {};
    if (data.memory >= valid_.memories.size()) {
      return Invalid(ErrorCode::UnknownMemory, data.offset, fmt::format("{}", data.memory));
    }
    return code_.ValidateConstant(data.memory_offset,
                                  AddressType(valid_.memories[data.memory].limits));
  }

  const wasm::Module& module_;
  ValidModule& valid_;
  std::vector<FunctionNotes>* notes_;
  Notes* all_;
  ModuleContext context_;
  CodeValidator code_;
};

}  // namespace

static Result<ValidModule, wasm::Error> ValidateNoting(std::shared_ptr<const wasm::Module> module,
                                                       wasm::TypeStore& types,
                                                       std::vector<FunctionNotes>* notes,
                                                       Notes* all) {
  ValidModule valid;
  valid.types = &types;
  const wasm::Module& source = *module;
  TRY(ModuleValidator(source, valid, notes, all).Run());
  valid.module = std::move(module);
  return valid;
}

Result<ValidModule, wasm::Error> Validate(std::shared_ptr<const wasm::Module> module,
                                          wasm::TypeStore& types,
                                          std::vector<FunctionNotes>* notes) {
  return ValidateNoting(std::move(module), types, notes, nullptr);
}

Result<ValidModule, wasm::Error> Validate(std::shared_ptr<const wasm::Module> module,
                                          wasm::TypeStore& types, Notes& notes) {
  return ValidateNoting(std::move(module), types, nullptr, &notes);
}

}  // namespace slabhound::valid
