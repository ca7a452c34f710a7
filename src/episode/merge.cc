#include "episode/merge.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "rewrite/references.h"
#include "testcase/meaning.h"

namespace slabhound::episode {
namespace {

using rewrite::Space;
using wasm::Code;
using wasm::ExternKind;
using wasm::Opcode;
using wasm::SegmentMode;

constexpr size_t kKinds = 5;  // of externs

std::array<uint32_t, rewrite::kSpaceCount> Sizes(const wasm::Module& module) {
  const auto size = [](const auto& list) { return static_cast<uint32_t>(list.size()); };
  return {module.FunctionCount(), size(module.tables), size(module.memories), size(module.globals),
          size(module.tags),      size(module.types),  size(module.elems),    size(module.datas)};
}

template <typename T>
void Append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// The instructions of a constant expression.
void AppendConstant(Code& code, const wasm::Body& body) {
  for (const wasm::Instr& instr : body.code) {
    if (instr.op != Opcode::End) code.Op(instr.op, instr.a, instr.b, instr.bits);
  }
}

}  // namespace

Merge::Merge(bool collects) {
  if (!collects) return;
  made_.types.push_back({.is_final = true, .supers = {}, .composite = wasm::FuncType()});
  made_.rec_groups.push_back({.first = 0, .count = 1, .is_explicit = false});
  made_.imports.push_back({.module = std::string(testcase::kCollectModule),
                           .name = std::string(testcase::kCollectName),
                           .type = wasm::FuncRef{0}});
}

Merge::Instance Merge::Add(wasm::Module module, std::span<const Item> imports) {
  CHECK(imports.size() == module.imports.size());
  const auto first = Sizes(made_);
  std::array<std::vector<uint32_t>, kKinds> imported;
  for (const Item& item : imports) imported[static_cast<size_t>(item.kind)].push_back(item.index);
  rewrite::VisitModule(module, [&](Space space, uint32_t& index) {
    const auto at = static_cast<size_t>(space);
    const size_t count = at < kKinds ? imported[at].size() : 0;
    index = index < count ? imported[at][index] : first[at] + index - static_cast<uint32_t>(count);
  });
  for (wasm::RecGroup group : module.rec_groups) {
    group.first += first[static_cast<size_t>(Space::Type)];
    made_.rec_groups.push_back(group);
  }
  Append(made_.types, module.types);
  // Tables come before globals.
  for (wasm::Table& table : module.tables) {
    if (table.init) InlineGlobals(*table.init);
  }
  Append(made_.tables, module.tables);
  Append(made_.memories, module.memories);
  Append(made_.tags, module.tags);
  Append(made_.globals, module.globals);
  Append(made_.functions, module.functions);
  Instance instance;
  for (wasm::Export& exported : module.exports) {
    instance.exports.emplace(std::move(exported.name), Item{exported.kind, exported.index});
  }
  if (has_instance_) {
    instance.instantiate = MakeInstantiate(module, first[static_cast<size_t>(Space::Elem)],
                                           first[static_cast<size_t>(Space::Data)]);
  } else {
    has_instance_ = true;
    if (module.start) made_.start = module.start;
  }
  Append(made_.elems, module.elems);
  Append(made_.datas, module.datas);
  return instance;
}

Item Merge::AddExport(const wasm::Module& module, std::string_view name) {
  const wasm::Export* exported = module.FindExport(name);
  CHECK(exported != nullptr);
  wasm::Module alone;
  alone.types = module.types;
  alone.rec_groups = module.rec_groups;
  switch (exported->kind) {
    case ExternKind::Func:
      alone.functions = {module.functions[exported->index]};
      break;
    case ExternKind::Table:
      alone.tables = {module.tables[exported->index]};
      break;
    case ExternKind::Memory:
      alone.memories = {module.memories[exported->index]};
      break;
    case ExternKind::Global:
      alone.globals = {module.globals[exported->index]};
      break;
    case ExternKind::Tag:
      alone.tags = {module.tags[exported->index]};
      break;
  }
  alone.exports = {{.name = "it", .kind = exported->kind, .index = 0}};
  const bool had_instance = std::exchange(has_instance_, false);
  const Item item = Add(std::move(alone), {}).exports.begin()->second;
  has_instance_ = had_instance;
  return item;
}

void Merge::InlineGlobals(wasm::Body& init) const {
  const auto reads = [](const wasm::Instr& instr) { return instr.op == Opcode::GlobalGet; };
  // A global reads only those before it, so this ends.
  while (std::ranges::any_of(init.code, reads)) {
    Code code;
    for (const wasm::Instr& instr : init.code) {
      if (reads(instr)) {
        AppendConstant(code, made_.globals[instr.a].init);
      } else if (instr.op != Opcode::End) {
        code.Op(instr.op, instr.a, instr.b, instr.bits);
      }
    }
    init = code.Body();
  }
}

uint32_t Merge::MakeInstantiate(wasm::Module& module, uint32_t first_elem, uint32_t first_data) {
  Code code;
  for (uint32_t i = 0; i < module.elems.size(); ++i) {
    wasm::ElemSegment& elem = module.elems[i];
    if (elem.mode != SegmentMode::Active) continue;
    AppendConstant(code, elem.table_offset);
    code.I32(0).I32(static_cast<int32_t>(elem.items.size()));
    code.Op(Opcode::TableInit, first_elem + i, elem.table).Op(Opcode::ElemDrop, first_elem + i);
    elem.mode = SegmentMode::Passive;
    elem.table = 0;
    elem.table_offset = {};
  }
  for (uint32_t i = 0; i < module.datas.size(); ++i) {
    wasm::DataSegment& data = module.datas[i];
    if (data.mode != SegmentMode::Active) continue;
    AppendConstant(code, data.memory_offset);
    code.I32(0).I32(static_cast<int32_t>(data.bytes.size()));
    code.Op(Opcode::MemoryInit, first_data + i, data.memory).Op(Opcode::DataDrop, first_data + i);
    data.mode = SegmentMode::Passive;
    data.memory = 0;
    data.memory_offset = {};
  }
  if (module.start) code.Op(Opcode::Call, *module.start);
  return AddFunction({}, {}, code);
}

const wasm::FuncType& Merge::SignatureOf(uint32_t function) const {
  return std::get<wasm::FuncType>(made_.types[made_.FunctionTypeIdx(function)].composite);
}

uint32_t Merge::AddFunction(wasm::FuncType type, std::vector<wasm::ValType> locals,
                            const Code& code) {
  const auto index = static_cast<uint32_t>(made_.types.size());
  made_.types.push_back({.is_final = true, .supers = {}, .composite = std::move(type)});
  made_.rec_groups.push_back({.first = index, .count = 1, .is_explicit = false});
  made_.functions.push_back(
      {.type = index, .locals = std::move(locals), .body = code.Body(), .offset = 0});
  return made_.FunctionCount() - 1;
}

void Merge::Export(std::string name, uint32_t function) {
  made_.exports.push_back({.name = std::move(name), .kind = ExternKind::Func, .index = function});
}

wasm::Module Merge::Finish() {
  // The instances' exports declared functions for ref.func; now a segment does.
  wasm::DeclareFunctions(made_);
  return std::move(made_);
}

}  // namespace slabhound::episode
