#include <algorithm>
#include <map>
#include <set>

#include "minimizer/proposals.h"
#include "minimizer/reducer.h"
#include "rewrite/constant_code.h"
#include "rewrite/edit.h"
#include "rewrite/view.h"
#include "wasm/names.h"

namespace slabhound::minimizer {
namespace {

using wasm::Opcode;

// A field is named by the topmost supertype that has it, of equal ones by the first: all below, and
// all equal ones, share it.
using Field = std::pair<uint32_t, uint32_t>;

const wasm::StructType* Struct(const wasm::Module& module, uint32_t type) {
  return std::get_if<wasm::StructType>(&module.types[type].composite);
}

class FieldNames {
 public:
  explicit FieldNames(const rewrite::View& view) : module_(*view.module) {
    std::map<wasm::TypeId, uint32_t> first;
    for (uint32_t t = 0; t < module_.types.size(); ++t) {
      first_.push_back(first.try_emplace(view.valid.type_ids[t], t).first->second);
    }
  }

  Field Of(uint32_t type, uint32_t field) const {
    while (true) {
      type = first_[type];
      const auto& supers = module_.types[type].supers;
      const auto* super = supers.empty() ? nullptr : Struct(module_, supers[0]);
      if (!super || super->fields.size() <= field) return {type, field};
      type = supers[0];
    }
  }

 private:
  const wasm::Module& module_;
  std::vector<uint32_t> first_;  // the first of the types that equal a type
};

bool IsFieldAccess(const wasm::Instr& instr) {
  return wasm::Info(instr.op).immediates == wasm::Immediates::TypeField;
}

// Fields that cannot go: code reads or writes them, or their operand is not one closed expression.
class Pinned {
 public:
  Pinned(const rewrite::View& view, const FieldNames& names)
      : module_(*view.module), names_(names) {
    for (uint32_t f = 0; f < module_.functions.size(); ++f) {
      const auto& code = module_.functions[f].body.code;
      for (const wasm::Instr& instr : code) {
        if (IsFieldAccess(instr)) fields_.insert(names_.Of(instr.a, instr.b));
      }
      const rewrite::Tree& tree = view.trees[f];
      for (const rewrite::Node& node : tree.nodes) {
        if (code[node.at].op == Opcode::StructNew) PinOpen(tree, node, code[node.at].a);
      }
      for (const rewrite::Range& dead : tree.dead) {
        for (uint32_t i = dead.first; i < dead.end; ++i) {
          if (code[i].op == Opcode::StructNew) PinAll(code[i].a);
        }
      }
    }
  }
  bool Has(const Field& field) const { return fields_.contains(field); }

 private:
  void PinOpen(const rewrite::Tree& tree, const rewrite::Node& node, uint32_t type) {
    for (uint32_t i = 0; i < node.operands.size(); ++i) {
      const rewrite::Node* operand =
          node.operands[i] == rewrite::kNone ? nullptr : &tree.nodes[node.operands[i]];
      const bool alone = operand && operand->closed && operand->result_count == 1;
      if (!alone) fields_.insert(names_.Of(type, i));
    }
  }
  void PinAll(uint32_t type) {
    const auto count = static_cast<uint32_t>(Struct(module_, type)->fields.size());
    for (uint32_t i = 0; i < count; ++i) fields_.insert(names_.Of(type, i));
  }

  const wasm::Module& module_;
  const FieldNames& names_;
  std::set<Field> fields_;
};

// Some fields of a module that go, with the operands that made them.
class Dropping {
 public:
  Dropping(const rewrite::View& view, const FieldNames& names, const std::set<Field>& dropped)
      : view_(view), gone_(view.module->types.size()) {
    for (uint32_t t = 0; t < gone_.size(); ++t) {
      const auto* structure = Struct(*view.module, t);
      const auto count = static_cast<uint32_t>(structure ? structure->fields.size() : 0);
      for (uint32_t i = 0; i < count; ++i) {
        gone_[t].push_back(dropped.contains(names.Of(t, i)) ? 1 : 0);
      }
    }
  }

  wasm::Module Module() const {
    wasm::Module module = rewrite::ApplyEdits(*view_.module, OperandEdits());
    for (const rewrite::Initializer& initializer : rewrite::Initializers(module))
      DropOperands(*initializer.body);
    for (wasm::Function& function : module.functions) {
      for (wasm::Instr& instr : function.body.code) {
        if (!IsFieldAccess(instr)) continue;
        const auto first = gone_[instr.a].begin();
        instr.b -= static_cast<uint32_t>(std::count(first, first + instr.b, uint8_t{1}));
      }
    }
    for (uint32_t t = 0; t < gone_.size(); ++t) {
      auto* structure = std::get_if<wasm::StructType>(&module.types[t].composite);
      if (!structure) continue;
      size_t i = 0;
      std::erase_if(structure->fields, [&](const wasm::FieldType&) { return gone_[t][i++] != 0; });
      wasm::RenumberFieldNames(module, t, [&](uint32_t field) -> std::optional<uint32_t> {
        if (gone_[t][field] != 0) return std::nullopt;
        return field - static_cast<uint32_t>(
                           std::count(gone_[t].begin(), gone_[t].begin() + field, uint8_t{1}));
      });
    }
    return module;
  }

 private:
  std::vector<rewrite::Edit> OperandEdits() const {
    std::vector<rewrite::Edit> edits;
    for (uint32_t f = 0; f < view_.trees.size(); ++f) {
      const rewrite::Tree& tree = view_.trees[f];
      for (const rewrite::Node& node : tree.nodes) {
        const wasm::Instr& instr = view_.module->functions[f].body.code[node.at];
        if (instr.op != Opcode::StructNew) continue;
        for (size_t i = 0; i < node.operands.size(); ++i) {
          if (gone_[instr.a][i] == 0) continue;
          const rewrite::Node& operand = tree.nodes[node.operands[i]];
          edits.push_back({f, {operand.first, operand.last + 1}, {}});
        }
      }
    }
    return rewrite::Outermost(std::move(edits));
  }

  // Of an initializer, whose types are still those of before.
  void DropOperands(wasm::Body& body) const {
    const std::vector<rewrite::ConstantNode> nodes = rewrite::ParseConstant(*view_.module, body);
    std::vector<uint8_t> drop(body.code.size(), 0);
    for (const rewrite::ConstantNode& node : nodes) {
      if (body.code[node.at].op != Opcode::StructNew) continue;
      for (size_t i = 0; i < node.operands.size(); ++i) {
        if (gone_[body.code[node.at].a][i] == 0) continue;
        const rewrite::ConstantNode& operand = nodes[node.operands[i]];
        std::fill(drop.begin() + operand.first, drop.begin() + operand.at + 1, uint8_t{1});
      }
    }
    size_t i = 0;
    std::erase_if(body.code, [&](const wasm::Instr&) { return drop[i++] != 0; });
  }

  const rewrite::View& view_;
  std::vector<std::vector<uint8_t>> gone_;  // per type and field
};

}  // namespace

// Fields that no instruction reads or writes, last ones first.
void ReduceFields(Reduction& reduction) {
  const auto view = reduction.View();
  const testcase::Plan plan = reduction.current().plan;
  const FieldNames names(*view);
  const Pinned pinned(*view, names);
  std::vector<Field> fields;
  for (uint32_t t = 0; t < view->module->types.size(); ++t) {
    const auto* structure = Struct(*view->module, t);
    for (size_t i = structure ? structure->fields.size() : 0; i-- > 0;) {
      const Field field = names.Of(t, static_cast<uint32_t>(i));
      if (field.first == t && !pinned.Has(field)) fields.push_back(field);
    }
  }
  constexpr uint64_t kFieldBytes = 4;  // with an operand
  TrySubsets(reduction, fields.size(), kFieldBytes, [&](const std::vector<size_t>& chosen) {
    std::set<Field> dropped;
    for (const size_t i : chosen) dropped.insert(fields[i]);
    return testcase::TestCase{Dropping(*view, names, dropped).Module(), plan};
  });
}

}  // namespace slabhound::minimizer
