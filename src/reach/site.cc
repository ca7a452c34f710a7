#include "reach/site.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/check.h"

namespace slabhound::reach {
namespace {

using wasm::AbstractHeap;
using wasm::TypeKind;
using wasm::ValType;

Shape ShapeOf(const wasm::StructType& type) {
  bool references = false, packed = false, numbers = false;
  for (const wasm::FieldType& field : type.fields) {
    (field.type.is_ref() ? references : field.type.is_packed() ? packed : numbers) = true;
  }
  if (references) return packed || numbers ? Shape::MixedStruct : Shape::ReferenceStruct;
  if (packed) return Shape::PackedStruct;
  return numbers ? Shape::NumberStruct : Shape::EmptyStruct;
}

Shape ShapeOf(const wasm::ArrayType& type) {
  switch (type.element.type.kind()) {
    case TypeKind::I8:
      return Shape::I8Array;
    case TypeKind::I16:
      return Shape::I16Array;
    case TypeKind::I32:
      return Shape::I32Array;
    case TypeKind::I64:
      return Shape::I64Array;
    case TypeKind::F32:
      return Shape::F32Array;
    case TypeKind::F64:
      return Shape::F64Array;
    case TypeKind::V128:
      return Shape::V128Array;
    default:
      return Shape::ReferenceArray;
  }
}

Shape ShapeOf(const wasm::FuncType& type) {
  const auto is_ref = [](ValType each) { return each.is_ref(); };
  return std::ranges::any_of(type.params, is_ref) || std::ranges::any_of(type.results, is_ref)
             ? Shape::ReferenceFunc
             : Shape::NumberFunc;
}

Shape ShapeOf(AbstractHeap heap) {
  switch (heap) {
    case AbstractHeap::NoExn:
      return Shape::NoExn;
    case AbstractHeap::NoFunc:
      return Shape::NoFunc;
    case AbstractHeap::NoExtern:
      return Shape::NoExtern;
    case AbstractHeap::None:
      return Shape::None;
    case AbstractHeap::Func:
      return Shape::Func;
    case AbstractHeap::Extern:
      return Shape::Extern;
    case AbstractHeap::Any:
      return Shape::Any;
    case AbstractHeap::Eq:
      return Shape::Eq;
    case AbstractHeap::I31:
      return Shape::I31;
    case AbstractHeap::Struct:
      return Shape::Struct;
    case AbstractHeap::Array:
      return Shape::Array;
    case AbstractHeap::Exn:
      return Shape::Exn;
  }
  UNREACHABLE();
}

// One module's cells by instruction.
class Finder {
 public:
  explicit Finder(const valid::ValidModule& valid) : valid_(valid), module_(*valid.module) {}

  CodeSites Find() {
    std::vector<valid::FunctionNotes> notes;
    // Again, with notes: it is valid, and its types are there.
    const auto again = valid::Validate(valid_.module, *valid_.types, &notes);
    CHECK(again.has_value());
    CodeSites found;
    for (size_t i = 0; i < module_.functions.size(); ++i) {
      function_ = &module_.functions[i];
      notes_ = &notes[i];
      found.sites.push_back(Sites(function_->body));
    }
    function_ = nullptr;
    notes_ = nullptr;
    for (const wasm::Global& global : module_.globals) Sites(global.init);
    for (const wasm::Table& table : module_.tables) {
      if (table.init) Sites(*table.init);
    }
    for (const wasm::ElemSegment& elem : module_.elems) {
      for (const wasm::Body& item : elem.items) Sites(item);
    }
    found.anywhere.assign(anywhere_.begin(), anywhere_.end());
    return found;
  }

 private:
  std::vector<uint32_t> Sites(const wasm::Body& body) {
    std::vector<uint32_t> sites(body.code.size(), bytecode::kNoSite);
    for (size_t at = 0; at < body.code.size(); ++at) {
      const auto instruction = FindInstruction(body.code[at].op);
      if (!instruction || IsDead(at)) continue;
      const auto cell = CellOf(*instruction, body, at);
      if (!cell) continue;
      CHECK(MayHold(*cell, State::Generated));
      sites[at] = IndexOf(*cell);
      anywhere_.insert(sites[at]);
    }
    return sites;
  }

  bool IsDead(size_t at) const {
    return notes_ != nullptr && at > 0 && (*notes_)[at - 1].unreachable;
  }

  std::optional<Cell> CellOf(Instruction instruction, const wasm::Body& body, size_t at) const {
    const wasm::Instr& instr = body.code[at];
    switch (Info(instruction).subject) {
      case Subject::Type:
        return Cell{instruction, ShapeOfId(valid_.type_ids[instr.a])};
      case Subject::Function:
        return Cell{instruction, ShapeOfId(valid_.functions[instr.a])};
      case Subject::Tag:
        return Cell{instruction, ShapeOfId(valid_.tags[instr.a])};
      case Subject::Heap:
        return Cell{instruction, ShapeOf(valid_.Canonical(wasm::HeapType::FromCode(instr.a)))};
      case Subject::I31:
        return Cell{instruction, Shape::I31};
      case Subject::Target:
        return OfValue(instruction, valid_.Canonical(wasm::CastTarget(instr)));
      case Subject::Operand:
        if (notes_ == nullptr || at == 0) return std::nullopt;
        return OfValue(instruction, (*notes_)[at - 1].top);
      case Subject::Local:
        return OfValue(instruction, LocalType(instr.a));
      case Subject::Global:
        return OfValue(instruction, valid_.globals[instr.a].type);
      case Subject::Table:
        return OfValue(instruction, valid_.tables[instr.a].element);
      case Subject::Elem:
        return OfValue(instruction, valid_.Canonical(module_.elems[instr.a].type));
      case Subject::Select:
        return OfValue(instruction, valid_.Canonical(body.types[instr.a]));
    }
    UNREACHABLE();
  }

  // Numbers have none.
  std::optional<Cell> OfValue(Instruction instruction, ValType type) const {
    if (!type.is_ref()) return std::nullopt;
    return Cell{instruction, ShapeOf(type.heap()), type.nullable()};
  }

  ValType LocalType(uint32_t local) const {
    const auto& signature =
        std::get<wasm::FuncType>((*valid_.types)[valid_.type_ids[function_->type]].composite);
    return local < signature.params.size()
               ? signature.params[local]
               : valid_.Canonical(function_->locals[local - signature.params.size()]);
  }

  Shape ShapeOf(wasm::HeapType type) const {
    return type.is_index() ? ShapeOfId(static_cast<wasm::TypeId>(type.index()))
                           : reach::ShapeOf(type.abstract());
  }
  Shape ShapeOfId(wasm::TypeId id) const {
    return std::visit([](const auto& each) { return reach::ShapeOf(each); },
                      (*valid_.types)[id].composite);
  }

  const valid::ValidModule& valid_;
  const wasm::Module& module_;
  const wasm::Function* function_ = nullptr;     // none: a constant expression
  const valid::FunctionNotes* notes_ = nullptr;  // likewise
  std::set<uint32_t> anywhere_;
};

}  // namespace

CodeSites SitesOf(const valid::ValidModule& module) { return Finder(module).Find(); }

}  // namespace slabhound::reach
