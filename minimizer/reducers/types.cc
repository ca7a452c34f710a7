#include <algorithm>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/edit.h"
#include "rewrite/references.h"
#include "rewrite/view.h"

namespace slabhound::minimizer {
namespace {

using wasm::Opcode;

// Types that are equal alone become one; what is then unused goes later.
void MergeEqual(Reduction& reduction) {
  wasm::Module module = reduction.module();
  std::vector<uint32_t> merged(module.types.size());
  for (uint32_t i = 0; i < merged.size(); ++i) merged[i] = i;
  for (const wasm::RecGroup& group : module.rec_groups) {
    if (group.count != 1) continue;
    for (const wasm::RecGroup& other : module.rec_groups) {
      if (other.first >= group.first) break;
      if (other.count == 1 && module.types[other.first] == module.types[group.first]) {
        merged[group.first] = merged[other.first];
        break;
      }
    }
  }
  std::vector<uint8_t> kept(module.types.size(), 1);
  for (uint32_t i = 0; i < merged.size(); ++i) kept[i] = merged[i] == i ? 1 : 0;
  if (std::ranges::count(kept, 0) == 0) return;
  // Renumber to the representative, then close the gaps.
  std::vector<uint32_t> renumbered(kept.size());
  uint32_t next = 0;
  for (uint32_t i = 0; i < kept.size(); ++i) renumbered[i] = kept[i] != 0 ? next++ : 0;
  for (uint32_t i = 0; i < kept.size(); ++i) renumbered[i] = renumbered[merged[i]];
  rewrite::VisitModule(module, [&](rewrite::Space space, uint32_t& index) {
    if (space == rewrite::Space::Type) index = renumbered[index];
  });
  std::vector<wasm::SubType> types;
  std::vector<wasm::RecGroup> groups;
  for (wasm::RecGroup group : module.rec_groups) {
    if (group.count == 1 && kept[group.first] == 0) continue;
    const auto first = static_cast<uint32_t>(types.size());
    for (uint32_t i = 0; i < group.count; ++i) types.push_back(module.types[group.first + i]);
    group.first = first;
    groups.push_back(group);
  }
  module.types = std::move(types);
  module.rec_groups = std::move(groups);
  wasm::RenumberNames(module, rewrite::Space::Type, [&](uint32_t index) {
    const bool stays = index < kept.size() && kept[index] != 0;
    return stays ? std::optional(renumbered[index]) : std::nullopt;
  });
  module.type_offsets.clear();
  reduction.Try(std::move(module));
}

void SplitGroups(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  std::vector<uint32_t> splittable;
  for (uint32_t g = 0; g < base.module.rec_groups.size(); ++g) {
    const wasm::RecGroup& group = base.module.rec_groups[g];
    if (group.count > 1 || group.is_explicit) splittable.push_back(g);
  }
  TrySubsets(reduction, splittable.size(), [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    std::vector<wasm::RecGroup> groups;
    size_t next = 0;
    for (uint32_t g = 0; g < base.module.rec_groups.size(); ++g) {
      const wasm::RecGroup& group = base.module.rec_groups[g];
      if (next < chosen.size() && splittable[chosen[next]] == g) {
        ++next;
        for (uint32_t i = 0; i < group.count; ++i) groups.push_back({group.first + i, 1, false});
      } else {
        groups.push_back(group);
      }
    }
    candidate.module.rec_groups = std::move(groups);
    return candidate;
  });
}

// Without supertypes, and final: the shortest form.
void DropSupers(Reduction& reduction) {
  const testcase::TestCase base = reduction.current();
  const auto change = [&](auto&& apply) {
    TrySubsets(reduction, base.module.types.size(), [&](const std::vector<size_t>& chosen) {
      testcase::TestCase candidate = reduction.current();
      for (const size_t i : chosen) apply(candidate.module.types[i]);
      return candidate;
    });
  };
  change([](wasm::SubType& type) {
    type.supers.clear();
    type.is_final = true;
  });
  change([](wasm::SubType& type) { type.supers.clear(); });
  change([](wasm::SubType& type) { type.is_final = true; });
}

const wasm::StructType* Struct(const wasm::Module& module, uint32_t type) {
  return std::get_if<wasm::StructType>(&module.types[type].composite);
}

// The struct types that share field `field` with `type` by subtyping.
std::vector<uint8_t> Family(const wasm::Module& module, uint32_t type, uint32_t field) {
  const auto has = [&](uint32_t t) {
    const auto* structure = Struct(module, t);
    return structure && structure->fields.size() > field;
  };
  std::vector<uint8_t> family(module.types.size(), 0);
  family[type] = 1;
  for (bool grown = true; grown;) {
    grown = false;
    for (uint32_t t = 0; t < module.types.size(); ++t) {
      for (const uint32_t super : module.types[t].supers) {
        if (!has(t) || !has(super) || family[t] == family[super]) continue;
        family[t] = family[super] = 1;
        grown = true;
      }
    }
  }
  return family;
}

bool IsFieldAccess(const wasm::Instr& instr) {
  return wasm::Info(instr.op).immediates == wasm::Immediates::TypeField;
}

// Drops a field that no instruction reads or writes; a struct.new loses the operand.
void DropField(Reduction& reduction, uint32_t type, uint32_t field) {
  const rewrite::View view = rewrite::MakeView(reduction.module());
  const wasm::Module& source = *view.module;
  const std::vector<uint8_t> family = Family(source, type, field);
  std::vector<rewrite::Edit> edits;
  for (uint32_t f = 0; f < source.functions.size(); ++f) {
    const auto& code = source.functions[f].body.code;
    for (const wasm::Instr& instr : code) {
      if (IsFieldAccess(instr) && family[instr.a] != 0 && instr.b == field) return;
    }
    const rewrite::Tree& tree = view.trees[f];
    for (const rewrite::Node& node : tree.nodes) {
      const wasm::Instr& instr = code[node.at];
      if (instr.op != Opcode::StructNew || family[instr.a] == 0) continue;
      if (node.operands[field] == rewrite::kNone) return;
      const rewrite::Node& operand = tree.nodes[node.operands[field]];
      if (!operand.closed || operand.result_count != 1) return;
      edits.push_back({f, {operand.first, operand.last + 1}, {}});
    }
  }
  wasm::Module module = rewrite::ApplyEdits(source, rewrite::Outermost(std::move(edits)));
  for (uint32_t t = 0; t < module.types.size(); ++t) {
    if (family[t] == 0) continue;
    auto& fields = std::get<wasm::StructType>(module.types[t].composite).fields;
    fields.erase(fields.begin() + field);
    wasm::RenumberFieldNames(module, t, [field](uint32_t index) {
      return index == field ? std::nullopt : std::optional(index > field ? index - 1 : index);
    });
  }
  for (wasm::Function& function : module.functions) {
    for (wasm::Instr& instr : function.body.code) {
      if (IsFieldAccess(instr) && family[instr.a] != 0 && instr.b > field) --instr.b;
    }
  }
  reduction.Try(std::move(module));
}

// A field or element of a simpler type.
void SimplifyFields(Reduction& reduction) {
  const auto plain = [](wasm::FieldType& field) {
    if (field.type != wasm::ValType::I32) field = {wasm::ValType::I32, field.is_mutable};
  };
  for (uint32_t t = 0; t < reduction.module().types.size() && !reduction.Stopped(); ++t) {
    wasm::Module module = reduction.module();
    if (auto* array = std::get_if<wasm::ArrayType>(&module.types[t].composite)) {
      plain(array->element);
    } else if (auto* structure = std::get_if<wasm::StructType>(&module.types[t].composite)) {
      for (wasm::FieldType& field : structure->fields) plain(field);
    } else {
      continue;
    }
    reduction.Try(std::move(module));
  }
}

}  // namespace

void ReduceTypes(Reduction& reduction) {
  SplitGroups(reduction);
  MergeEqual(reduction);
  DropSupers(reduction);
  for (uint32_t t = 0; t < reduction.module().types.size(); ++t) {
    const auto* structure = Struct(reduction.module(), t);
    for (size_t i = structure ? structure->fields.size() : 0; i-- > 0;) {
      if (reduction.Stopped()) return;
      DropField(reduction, t, static_cast<uint32_t>(i));
    }
  }
  SimplifyFields(reduction);
  MergeEqual(reduction);
}

}  // namespace slabhound::minimizer
