#include "oracle/instantiate.h"

#include <memory>

#include "oracle/eval.h"
#include "oracle/rules.h"

namespace slabhound::oracle {
namespace {

using wasm::ExternKind;
using wasm::Instr;
using wasm::Opcode;
using wasm::SegmentMode;

void AddImports(ModuleInst& instance, std::span<const machine::Extern> imports) {
  for (const machine::Extern& import : imports) {
    switch (import.kind) {
      case ExternKind::Func:
        instance.functions.push_back(import.address);
        break;
      case ExternKind::Table:
        instance.tables.push_back(import.address);
        break;
      case ExternKind::Memory:
        instance.memories.push_back(import.address);
        break;
      case ExternKind::Global:
        instance.globals.push_back(import.address);
        break;
      case ExternKind::Tag:
        instance.tags.push_back(import.address);
        break;
    }
  }
}

// Step (b): whether the declared minima fit the limits.
bool MinimaFit(const Store& store, const ModuleInst& instance) {
  const valid::ValidModule& valid = instance.valid;
  uint64_t elements = store.table_elements, pages = store.memory_pages;
  for (size_t i = instance.tables.size(); i < valid.tables.size(); ++i) {
    const uint64_t min = valid.tables[i].limits.min;
    if (min > store.limits.table_elements_max) return false;
    if ((elements += min) > store.limits.table_elements_total_max) return false;
  }
  for (size_t i = instance.memories.size(); i < valid.memories.size(); ++i) {
    const uint64_t min = valid.memories[i].limits.min;
    if (min > store.limits.memory_pages_max) return false;
    if ((pages += min) > store.limits.memory_pages_total_max) return false;
  }
  return true;
}

void AddFunctions(Store& store, ModuleInst& instance) {
  for (const wasm::Function& function : instance.valid.module->functions) {
    const auto address = static_cast<uint32_t>(store.functions.size());
    FuncInst made;
    made.type = instance.Type(function.type);
    made.module = &instance;
    made.function = &function;
    store.functions.push_back(std::move(made));
    instance.functions.push_back(address);
  }
}

// Step (c), the globals: each initializer sees the globals before it.
Step AddGlobals(Thread& thread, ModuleInst& instance) {
  Store& store = thread.store;
  for (const wasm::Global& global : instance.valid.module->globals) {
    const wasm::GlobalType& type = instance.valid.globals[instance.globals.size()];
    const auto value = EvaluateConstant(thread, instance, global.init);
    if (!value) return value.error();
    CHECK(HasType(store, *value, type.type));
    instance.globals.push_back(static_cast<uint32_t>(store.globals.size()));
    store.globals.push_back({type, *value});
  }
  return Step::Next();
}

// Step (c), the tables' initial values.
Step EvaluateTables(Thread& thread, ModuleInst& instance, std::vector<Value>& initial) {
  for (const wasm::Table& table : instance.valid.module->tables) {
    const wasm::TableType& type = instance.valid.tables[instance.tables.size() + initial.size()];
    if (!table.init) {
      initial.push_back(DefaultValue(thread.store, type.element));
      continue;
    }
    const auto value = EvaluateConstant(thread, instance, *table.init);
    if (!value) return value.error();
    initial.push_back(*value);
  }
  return Step::Next();
}

// Step (c), element segments: each expression once, so that an object keeps its identity.
Step EvaluateElems(Thread& thread, ModuleInst& instance) {
  for (const wasm::ElemSegment& segment : instance.valid.module->elems) {
    const wasm::ValType type = instance.valid.Canonical(segment.type);
    ElemInst elem;
    elem.values.reserve(segment.items.size());
    for (const wasm::Body& item : segment.items) {
      const auto value = EvaluateConstant(thread, instance, item);
      if (!value) return value.error();
      CHECK(HasType(thread.store, *value, type));
      elem.values.push_back(*value);
    }
    instance.elems.push_back(std::move(elem));
  }
  return Step::Next();
}

Step EvaluateInitializers(Thread& thread, ModuleInst& instance, std::vector<Value>& initial) {
  STEP(AddGlobals(thread, instance));
  STEP(EvaluateTables(thread, instance, initial));
  return EvaluateElems(thread, instance);
}

// Step (d), what could not be allocated before.
void AddRest(Store& store, ModuleInst& instance, const std::vector<Value>& initial) {
  const valid::ValidModule& valid = instance.valid;
  for (const Value& value : initial) {
    instance.tables.push_back(store.AddTable(valid.tables[instance.tables.size()], value));
  }
  while (instance.memories.size() < valid.memories.size()) {
    instance.memories.push_back(store.AddMemory(valid.memories[instance.memories.size()]));
  }
  while (instance.tags.size() < valid.tags.size()) {
    store.tags.push_back({valid.tags[instance.tags.size()]});
    instance.tags.push_back(static_cast<uint32_t>(store.tags.size() - 1));
  }
  for (const wasm::DataSegment& segment : valid.module->datas) {
    instance.datas.push_back({segment.bytes});
  }
}

// Runs an active segment as the specification does: offset, 0, size, init, drop.
Step RunSegment(Thread& thread, ModuleInst& instance, const wasm::Body& offset, size_t size,
                Instr init) {
  const auto start = EvaluateConstant(thread, instance, offset);
  if (!start) return start.error();
  const Activation activation(thread);
  Frame frame;
  frame.module = &instance;
  frame.operands = thread.values.size();
  frame.labels = thread.labels.size();
  thread.frames.push_back(frame);
  thread.Push(*start);
  thread.Push(Value::Number(uint32_t{0}));
  thread.Push(Value::Number(static_cast<uint32_t>(size)));
  return init.op == Opcode::TableInit ? rules::TableInit(thread, init)
                                      : rules::MemoryInit(thread, init);
}

// Step (e).
Step RunElems(Thread& thread, ModuleInst& instance) {
  for (uint32_t i = 0; i < instance.elems.size(); ++i) {
    const wasm::ElemSegment& segment = instance.valid.module->elems[i];
    if (segment.mode == SegmentMode::Passive) continue;
    if (segment.mode == SegmentMode::Active) {
      STEP(RunSegment(thread, instance, segment.table_offset, segment.items.size(),
                      Instr{Opcode::TableInit, 0, i, segment.table, 0}));
    }
    instance.elems[i].values = {};
  }
  return Step::Next();
}

// Step (f).
Step RunDatas(Thread& thread, ModuleInst& instance) {
  for (uint32_t i = 0; i < instance.datas.size(); ++i) {
    const wasm::DataSegment& segment = instance.valid.module->datas[i];
    if (segment.mode != SegmentMode::Active) continue;
    STEP(RunSegment(thread, instance, segment.memory_offset, segment.bytes.size(),
                    Instr{Opcode::MemoryInit, 0, i, segment.memory, 0}));
    instance.datas[i].bytes = {};
  }
  return Step::Next();
}

}  // namespace

Result<ModuleInst*, Step> Instantiate(Thread& thread, const valid::ValidModule& module,
                                      std::span<const machine::Extern> imports) {
  Store& store = thread.store;
  const size_t functions = store.functions.size(), globals = store.globals.size();
  ModuleInst& instance = store.modules.emplace_back();
  instance.valid = module;
  instance.functions.reserve(module.functions.size());
  instance.globals.reserve(module.globals.size());
  AddImports(instance, imports);

  Step step = Step::Exhausted(machine::Resource::Heap);
  std::vector<Value> initial;
  if (MinimaFit(store, instance)) {
    AddFunctions(store, instance);
    step = EvaluateInitializers(thread, instance, initial);
  }
  if (!step.is_next()) {  // nothing can refer to what was made so far
    store.functions.resize(functions);
    store.globals.resize(globals);
    store.modules.pop_back();
    return Fail(step);
  }
  AddRest(store, instance, initial);
  step = RunElems(thread, instance);
  if (step.is_next()) step = RunDatas(thread, instance);
  if (!step.is_next()) return Fail(step);
  return &instance;
}

}  // namespace slabhound::oracle
