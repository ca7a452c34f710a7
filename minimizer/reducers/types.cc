#include <algorithm>
#include <set>
#include <vector>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/constant_code.h"
#include "rewrite/references.h"

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

// Whether each type of the group names only types before it, and itself.
bool CanSplit(wasm::Module& module, const wasm::RecGroup& group) {
  bool can = true;
  for (uint32_t t = group.first; t < group.first + group.count; ++t) {
    rewrite::VisitSubType(module.types[t], [&](rewrite::Space, const uint32_t& named) {
      if (named > t) can = false;
    });
  }
  return can;
}

void SplitGroups(Reduction& reduction) {
  testcase::TestCase base = reduction.current();
  std::vector<uint32_t> splittable;
  for (uint32_t g = 0; g < base.module.rec_groups.size(); ++g) {
    const wasm::RecGroup& group = base.module.rec_groups[g];
    const bool is_more = group.count > 1 || group.is_explicit;
    if (is_more && CanSplit(base.module, group)) splittable.push_back(g);
  }
  TrySubsets(reduction, splittable.size(), 1, [&](const std::vector<size_t>& chosen) {
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

// The same change of all types for which it is one, or of some of them.
template <typename Apply>
void ChangeTypes(Reduction& reduction, Apply apply) {
  const testcase::TestCase base = reduction.current();
  std::vector<size_t> changed;
  for (size_t i = 0; i < base.module.types.size(); ++i) {
    wasm::SubType type = base.module.types[i];
    apply(type, static_cast<uint32_t>(i));
    if (type != base.module.types[i]) changed.push_back(i);
  }
  TrySubsets(reduction, changed.size(), 1, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    for (const size_t i : chosen) {
      apply(candidate.module.types[changed[i]], static_cast<uint32_t>(changed[i]));
    }
    return candidate;
  });
}

// Without supertypes, and final: the shortest form.
void DropSupers(Reduction& reduction) {
  ChangeTypes(reduction, [](wasm::SubType& type, uint32_t) {
    type.supers.clear();
    type.is_final = true;
  });
  ChangeTypes(reduction, [](wasm::SubType& type, uint32_t) { type.supers.clear(); });
  ChangeTypes(reduction, [](wasm::SubType& type, uint32_t) { type.is_final = true; });
}

template <typename Apply>
void ForEachField(wasm::SubType& type, Apply apply) {
  if (auto* array = std::get_if<wasm::ArrayType>(&type.composite)) apply(array->element);
  if (auto* structure = std::get_if<wasm::StructType>(&type.composite)) {
    for (wasm::FieldType& field : structure->fields) apply(field);
  }
}

bool NamesType(const wasm::Instr& instr) {
  return wasm::Info(wasm::Info(instr.op).immediates).first == wasm::ImmediateKind::Type;
}

// Types of whose fields or elements code gives or takes values.
std::set<uint32_t> TypesWithValues(wasm::Module module) {
  std::set<uint32_t> types;
  const auto add = [&](const wasm::Body& body) {
    for (const wasm::Instr& instr : body.code) {
      if (!NamesType(instr)) continue;
      const bool has_none = instr.op == Opcode::StructNewDefault ||
                            instr.op == Opcode::ArrayNewDefault ||
                            (instr.op == Opcode::ArrayNewFixed && instr.b == 0);
      if (!has_none) types.insert(instr.a);
      if (instr.op == Opcode::ArrayCopy) types.insert(instr.b);
    }
  };
  for (const wasm::Function& function : module.functions) add(function.body);
  for (const rewrite::Initializer& initializer : rewrite::Initializers(module)) {
    add(*initializer.body);
  }
  return types;
}

// Fields and elements of a simpler type.
void SimplifyFields(Reduction& reduction) {
  const std::set<uint32_t> with_values = TypesWithValues(reduction.module());
  ChangeTypes(reduction, [&](wasm::SubType& type, uint32_t index) {
    if (with_values.contains(index)) return;
    ForEachField(type, [](wasm::FieldType& field) { field.type = wasm::ValType::I32; });
  });
}

// Fields and elements that nothing changes need not be open to it.
void DropMutability(Reduction& reduction) {
  std::set<uint32_t> written;
  for (const wasm::Function& function : reduction.module().functions) {
    for (const wasm::Instr& instr : function.body.code) {
      const bool writes = instr.op == Opcode::StructSet || instr.op == Opcode::ArraySet ||
                          instr.op == Opcode::ArrayFill || instr.op == Opcode::ArrayCopy ||
                          instr.op == Opcode::ArrayInitData || instr.op == Opcode::ArrayInitElem;
      if (writes) written.insert(instr.a);
    }
  }
  const testcase::TestCase base = reduction.current();
  std::vector<size_t> fixed;
  for (uint32_t t = 0; t < base.module.types.size(); ++t) {
    // With a supertype or subtypes, these would have to follow.
    const wasm::SubType& type = base.module.types[t];
    if (type.is_final && type.supers.empty() && !written.contains(t)) fixed.push_back(t);
  }
  const auto fix = [](wasm::FieldType& field) { field.is_mutable = false; };
  TrySubsets(reduction, fixed.size(), 1, [&](const std::vector<size_t>& chosen) {
    testcase::TestCase candidate = base;
    for (const size_t i : chosen) ForEachField(candidate.module.types[fixed[i]], fix);
    return candidate;
  });
}

}  // namespace

void ReduceTypes(Reduction& reduction) {
  SplitGroups(reduction);
  MergeEqual(reduction);
  DropSupers(reduction);
  SimplifyFields(reduction);
  DropMutability(reduction);
  MergeEqual(reduction);
}

}  // namespace slabhound::minimizer
