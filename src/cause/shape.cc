#include "cause/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "rewrite/view.h"
#include "testcase/meaning.h"
#include "wasm/opcode.h"

namespace slabhound::cause {
namespace {

using wasm::AbstractHeap;
using wasm::ImmediateKind;
using wasm::Instr;
using wasm::Opcode;

// What hands values on, or only ends code.
bool IsPlumbing(Opcode op) {
  switch (op) {
    case Opcode::Drop:
    case Opcode::Nop:
    case Opcode::End:
    case Opcode::Else:
    case Opcode::Block:
    case Opcode::Return:
    case Opcode::Unreachable:
    case Opcode::LocalGet:
    case Opcode::LocalSet:
    case Opcode::LocalTee:
      return true;
    default:
      return false;
  }
}

std::string_view HeapKind(const wasm::Module& module, wasm::HeapType heap) {
  if (heap.is_index()) {
    const wasm::CompositeType& type = module.types[heap.index()].composite;
    if (std::holds_alternative<wasm::StructType>(type)) return "struct";
    return std::holds_alternative<wasm::ArrayType>(type) ? "array" : "func";
  }
  constexpr std::string_view kNames[] = {"none", "none", "none", "none",   "func",  "extern",
                                         "any",  "eq",   "i31",  "struct", "array", "exn"};
  static_assert(std::size(kNames) == wasm::kAbstractHeapCount);
  return kNames[static_cast<size_t>(heap.abstract())];
}

std::string TypeKind(const wasm::Module& module, wasm::StorageType type) {
  if (type.is_packed()) return "packed";
  if (type.is_ref()) return fmt::format("ref {}", HeapKind(module, type.heap()));
  return type.is_vector() ? "v128" : "scalar";
}

std::string FieldKind(const wasm::Module& module, const wasm::FieldType& field) {
  return (field.is_mutable ? "mut " : "") + TypeKind(module, field.type);
}

// "{mut ref struct, scalar}": which kinds of fields, each once.
std::string CompositeKind(const wasm::Module& module, uint32_t index) {
  const wasm::CompositeType& type = module.types[index].composite;
  std::set<std::string> kinds;
  if (const auto* structure = std::get_if<wasm::StructType>(&type)) {
    for (const wasm::FieldType& field : structure->fields) kinds.insert(FieldKind(module, field));
  } else if (const auto* array = std::get_if<wasm::ArrayType>(&type)) {
    kinds.insert(FieldKind(module, array->element));
  } else {
    for (const wasm::ValType each : std::get<wasm::FuncType>(type).params) {
      kinds.insert(TypeKind(module, each));
    }
  }
  return fmt::format("{{{}}}", fmt::join(kinds, ", "));
}

std::string_view ConstantKind(Opcode op, uint64_t bits) {
  if (bits == 0) return "0";
  const bool is_narrow = op == Opcode::I32Const;
  const auto value = is_narrow ? static_cast<int32_t>(bits) : static_cast<int64_t>(bits);
  if (op != Opcode::I32Const && op != Opcode::I64Const) return "number";
  if (value == 1) return "1";
  if (value == -1) return "-1";
  constexpr int64_t kSmall = 64;
  return value > -kSmall && value < kSmall ? "small" : "big";
}

// Of the whole index space.
wasm::ValType TableElement(const wasm::Module& module, uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    const auto* table = std::get_if<wasm::TableType>(&import.type);
    if (table != nullptr && index-- == 0) return table->element;
  }
  return module.tables[index].type.element;
}

wasm::GlobalType GlobalOf(const wasm::Module& module, uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    const auto* global = std::get_if<wasm::GlobalType>(&import.type);
    if (global != nullptr && index-- == 0) return *global;
  }
  return module.globals[index].type;
}

wasm::TypeIdx TagTypeOf(const wasm::Module& module, uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    const auto* tag = std::get_if<wasm::TagType>(&import.type);
    if (tag != nullptr && index-- == 0) return tag->type;
  }
  return module.tags[index].type.type;
}

// The import that a call names, if it does.
const wasm::Import* ImportedFunction(const wasm::Module& module, uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    if (import.kind() == wasm::ExternKind::Func && index-- == 0) return &import;
  }
  return nullptr;
}

std::string CallKind(const wasm::Module& module, uint32_t index) {
  const wasm::Import* import = ImportedFunction(module, index);
  if (import == nullptr) return "defined";
  return testcase::ForcesCollection(*import, module) ? "gc" : "import";
}

// What the instruction's immediate says of types; may be empty.
std::string Detail(const wasm::Module& module, const Instr& instr) {
  const ImmediateKind first = wasm::Info(wasm::Info(instr.op).immediates).first;
  switch (first) {
    case ImmediateKind::Type:
      return CompositeKind(module, instr.a);
    case ImmediateKind::Heap:
      return std::string(HeapKind(module, wasm::HeapType::FromCode(instr.a)));
    case ImmediateKind::Func:
      return CallKind(module, instr.a);
    case ImmediateKind::Table:
      return TypeKind(module, TableElement(module, instr.a));
    case ImmediateKind::Global: {
      const wasm::GlobalType global = GlobalOf(module, instr.a);
      return FieldKind(module, {global.type, global.is_mutable});
    }
    case ImmediateKind::Tag:
      return CompositeKind(module, TagTypeOf(module, instr.a));
    case ImmediateKind::I32:
    case ImmediateKind::I64:
    case ImmediateKind::F32:
    case ImmediateKind::F64:
      return std::string(ConstantKind(instr.op, instr.bits));
    default:
      break;
  }
  if (instr.op == Opcode::BrOnCast || instr.op == Opcode::BrOnCastFail) {
    return std::string(HeapKind(module, wasm::CastTarget(instr).heap()));
  }
  return {};
}

using Grams = std::set<std::string>;

// weights.def
std::string_view TextOf(Opcode op) {
  constexpr std::pair<std::string_view, std::string_view> kAlike[] = {
#define SLABHOUND_ALIKE(op, as) {op, as},
#include "cause/weights.def"
  };
  const std::string_view text = wasm::Info(op).text;
  const auto* found = std::ranges::find(kAlike, text, [](const auto& each) { return each.first; });
  return found == std::end(kAlike) ? text : found->second;
}

void AddFunction(const wasm::Module& module, const wasm::Body& body, const rewrite::Tree& tree,
                 Grams& grams) {
  const auto text_of = [&](uint32_t node) { return TextOf(body.code[tree.nodes[node].at].op); };
  const auto is_plumbing = [&](uint32_t node) {
    return IsPlumbing(body.code[tree.nodes[node].at].op);
  };
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    if (is_plumbing(i)) continue;
    const Instr& instr = body.code[tree.nodes[i].at];
    const std::string detail = Detail(module, instr);
    grams.emplace(text_of(i));
    if (!detail.empty()) grams.insert(fmt::format("{} {}", text_of(i), detail));
    uint32_t above = tree.nodes[i].parent;
    while (above != rewrite::kNone && is_plumbing(above)) above = tree.nodes[above].parent;
    if (above != rewrite::kNone) grams.insert(fmt::format("{} in {}", text_of(i), text_of(above)));
  }
}

// What a constant expression makes, and of what.
void AddConstant(const wasm::Module& module, const wasm::Body& body, std::string_view where,
                 Grams& grams) {
  for (const Instr& instr : body.code) {
    if (IsPlumbing(instr.op) || wasm::Info(instr.op).feature == wasm::Feature::Mvp) continue;
    const std::string detail = Detail(module, instr);
    // What holds it matters, not how it is made.
    const bool allocates = wasm::Info(instr.op).gc == wasm::GcEffect::Allocates;
    grams.insert(fmt::format("{} in {}", allocates ? "object" : TextOf(instr.op), where));
    if (!detail.empty()) grams.insert(fmt::format("{} {}", TextOf(instr.op), detail));
  }
}

void AddDefinitions(const wasm::Module& module, Grams& grams) {
  for (const wasm::Global& global : module.globals) {
    AddConstant(module, global.init, "global", grams);
  }
  for (const wasm::Table& table : module.tables) {
    if (table.init) AddConstant(module, *table.init, "table", grams);
  }
  for (const wasm::ElemSegment& segment : module.elems) {
    if (segment.mode == wasm::SegmentMode::Declarative) continue;
    grams.insert(fmt::format("elem {}", TypeKind(module, segment.type)));
    for (const wasm::Body& item : segment.items) AddConstant(module, item, "elem", grams);
  }
}

}  // namespace

Shape ShapeOf(const wasm::Module& module) {
  const rewrite::View view = rewrite::MakeView(module);
  Grams grams;
  for (size_t i = 0; i < module.functions.size(); ++i) {
    AddFunction(module, module.functions[i].body, view.trees[i], grams);
  }
  AddDefinitions(module, grams);
  Shape shape;
  for (const std::string& gram : grams) {
    if (shape.grams.size() == kGramsMax) break;
    shape.grams.push_back(gram.substr(0, kGramBytesMax));
  }
  return shape;
}

}  // namespace slabhound::cause
