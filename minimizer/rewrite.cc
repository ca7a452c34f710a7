#include "minimizer/rewrite.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "minimizer/references.h"

namespace slabhound::minimizer {
namespace {

using wasm::AbstractHeap;
using wasm::Opcode;
using wasm::ValType;

wasm::Body Edited(const wasm::Body& body, const Edit* first, const Edit* end) {
  wasm::Body edited;
  edited.labels = body.labels;
  edited.types = body.types;
  edited.catches = body.catches;
  uint32_t at = 0;
  const auto keep = [&](uint32_t to) {
    edited.code.insert(edited.code.end(), body.code.begin() + at, body.code.begin() + to);
  };
  for (; first != end; ++first) {
    CHECK(first->range.first >= at && first->range.end <= body.code.size());
    keep(first->range.first);
    edited.code.insert(edited.code.end(), first->with.begin(), first->with.end());
    at = first->range.end;
  }
  keep(static_cast<uint32_t>(body.code.size()));
  return Tidy(edited);
}

AbstractHeap BottomOf(AbstractHeap top) {
  switch (top) {
    case AbstractHeap::Func:
      return AbstractHeap::NoFunc;
    case AbstractHeap::Extern:
      return AbstractHeap::NoExtern;
    case AbstractHeap::Exn:
      return AbstractHeap::NoExn;
    default:
      return AbstractHeap::None;
  }
}

// A module type index of the canonical type.
std::optional<uint32_t> IndexOf(const View& view, uint32_t canonical) {
  const auto found = std::ranges::find(view.valid.type_ids, wasm::TypeId{canonical});
  if (found == view.valid.type_ids.end()) return std::nullopt;
  return static_cast<uint32_t>(found - view.valid.type_ids.begin());
}

std::vector<wasm::Instr> DefaultObject(wasm::HeapType heap, const View& view) {
  const std::vector<wasm::Instr> trap = {Op(Opcode::Unreachable)};
  if (!heap.is_index()) {
    const bool i31 =
        heap.Is(AbstractHeap::Any) || heap.Is(AbstractHeap::Eq) || heap.Is(AbstractHeap::I31);
    return i31 ? std::vector{Op(Opcode::I32Const), Op(Opcode::RefI31)} : trap;
  }
  const auto index = IndexOf(view, heap.index());
  if (!index) return trap;
  const wasm::CompositeType& type = (*view.types)[wasm::TypeId{heap.index()}].composite;
  if (const auto* structure = std::get_if<wasm::StructType>(&type)) {
    const bool plain = std::ranges::all_of(
        structure->fields, [](const wasm::FieldType& f) { return f.type.is_defaultable(); });
    return plain ? std::vector{Op(Opcode::StructNewDefault, *index)} : trap;
  }
  if (std::holds_alternative<wasm::ArrayType>(type)) {
    return {Op(Opcode::ArrayNewFixed, *index, 0)};
  }
  return trap;
}

}  // namespace

wasm::Module ApplyEdits(wasm::Module module, const std::vector<Edit>& edits) {
  for (size_t i = 0; i < edits.size();) {
    size_t end = i;
    while (end < edits.size() && edits[end].function == edits[i].function) ++end;
    wasm::Body& body = module.functions[edits[i].function].body;
    body = Edited(body, &edits[i], edits.data() + end);
    i = end;
  }
  return module;
}

std::vector<Edit> Outermost(std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, [](const Edit& edit) {
    return std::tuple(edit.function, edit.range.first, -static_cast<int64_t>(edit.range.end));
  });
  std::vector<Edit> outer;
  for (Edit& edit : edits) {
    const bool inside = !outer.empty() && outer.back().function == edit.function &&
                        edit.range.first < outer.back().range.end;
    if (!inside) outer.push_back(std::move(edit));
  }
  return outer;
}

View MakeView(const wasm::Module& module) {
  View view;
  view.module = std::make_shared<const wasm::Module>(module);
  view.types = std::make_unique<wasm::TypeStore>();
  std::vector<valid::FunctionNotes> notes;
  auto valid = valid::Validate(view.module, *view.types, &notes);
  CHECK(valid.has_value());
  view.valid = *std::move(valid);
  for (size_t i = 0; i < module.functions.size(); ++i) {
    view.trees.push_back(ParseTree(*view.module, view.module->functions[i], notes[i]));
  }
  return view;
}

bool TrySubsets(Reduction& reduction, size_t count,
                const std::function<testcase::TestCase(const std::vector<size_t>&)>& make) {
  std::vector<uint8_t> taken(count, 0);
  bool any = false;
  for (size_t chunk = count; chunk > 0; chunk = chunk == 1 ? 0 : (chunk + 1) / 2) {
    for (size_t start = 0; start < count; start += chunk) {
      if (reduction.Stopped()) return any;
      const size_t end = std::min(count, start + chunk);
      if (std::all_of(&taken[start], taken.data() + end, [](uint8_t t) { return t != 0; })) {
        continue;
      }
      std::vector<size_t> changes;
      for (size_t i = 0; i < count; ++i) {
        if (taken[i] != 0 || (i >= start && i < end)) changes.push_back(i);
      }
      if (!reduction.Try(make(changes))) continue;
      any = true;
      std::fill(&taken[start], taken.data() + end, uint8_t{1});
    }
  }
  return any;
}

bool RewriteNodes(Reduction& reduction, const EditMaker& maker) {
  bool any = false;
  for (uint32_t level = 0;; ++level) {
    const View view = MakeView(reduction.module());
    const testcase::TestCase base = reduction.current();
    std::vector<Edit> edits;
    bool deeper = false;
    for (uint32_t f = 0; f < view.trees.size(); ++f) {
      deeper |= view.trees[f].levels > level;
      for (const Node& node : view.trees[f].nodes) {
        if (node.level != level) continue;
        if (auto with = maker(view, f, node)) {
          edits.push_back({f, {node.first, node.last + 1}, *std::move(with)});
        }
      }
    }
    if (!deeper || reduction.Stopped()) return any;
    edits = Outermost(std::move(edits));
    any |= TrySubsets(reduction, edits.size(), [&](const std::vector<size_t>& changes) {
      std::vector<Edit> chosen;
      for (const size_t i : changes) chosen.push_back(edits[i]);
      return testcase::TestCase{ApplyEdits(base.module, chosen), base.plan};
    });
  }
}

std::vector<wasm::Instr> DefaultOf(ValType type, const View& view) {
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return {Op(Opcode::I32Const)};
    case wasm::TypeKind::I64:
      return {Op(Opcode::I64Const)};
    case wasm::TypeKind::F32:
      return {Op(Opcode::F32Const)};
    case wasm::TypeKind::F64:
      return {Op(Opcode::F64Const)};
    case wasm::TypeKind::Ref:
      break;
    default:
      return {Op(Opcode::Unreachable)};
  }
  if (!type.nullable()) return DefaultObject(type.heap(), view);
  const AbstractHeap top = view.types->Top(type.heap());
  return {Op(Opcode::RefNull, wasm::HeapType(BottomOf(top)).code())};
}

}  // namespace slabhound::minimizer
