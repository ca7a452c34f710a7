#include "provide/assembly.h"

#include <algorithm>

#include "rewrite/function_type.h"

namespace slabhound::provide {

using rewrite::Space;
using wasm::ExternKind;

Assembly::Assembly(const wasm::Module& module) : original_(module), made_(module) {
  for (const wasm::RecGroup& group : module.rec_groups) Intern(group.first, group.count);
}

void Assembly::Intern(uint32_t first, uint32_t count) {
  const auto id = static_cast<uint32_t>(store_.AddGroup(made_.types, first, count, ids_));
  for (uint32_t i = 0; i < count; ++i) ids_.push_back(wasm::TypeId{id + i});
}

wasm::ValType Assembly::Canonical(wasm::ValType type) const {
  if (!type.is_ref() || !type.heap().is_index()) return type;
  const auto id = static_cast<uint32_t>(ids_[type.heap().index()]);
  return wasm::ValType::Ref(wasm::HeapType::Index(id), type.nullable());
}

wasm::FuncType Assembly::Canonical(const wasm::FuncType& type) const {
  wasm::FuncType canonical = type;
  for (wasm::ValType& param : canonical.params) param = Canonical(param);
  for (wasm::ValType& result : canonical.results) result = Canonical(result);
  return canonical;
}

const wasm::FuncType& Assembly::FuncType(wasm::TypeIdx type) const {
  return std::get<wasm::FuncType>(made_.types[type].composite);
}

namespace {

// The import of the kind with that number, if it is one.
template <typename T>
const T* FindImport(const wasm::Module& module, uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    const T* type = std::get_if<T>(&import.type);
    if (type != nullptr && index-- == 0) return type;
  }
  return nullptr;
}

}  // namespace

const wasm::MemoryType& Assembly::MemoryType(uint32_t memory) const {
  if (const auto* found = FindImport<wasm::MemoryType>(original_, memory)) return *found;
  return original_.memories[memory - original_.ImportCount(ExternKind::Memory)].type;
}

wasm::TypeIdx Assembly::TagType(uint32_t tag) const {
  if (const auto* found = FindImport<wasm::TagType>(original_, tag)) return found->type;
  return original_.tags[tag - original_.ImportCount(ExternKind::Tag)].type.type;
}

wasm::TypeIdx Assembly::AddFuncType(const wasm::FuncType& type) {
  const wasm::TypeIdx index = rewrite::FunctionTypeIndex(made_, type);
  if (index == ids_.size()) Intern(index, 1);
  return index;
}

wasm::TypeIdx Assembly::AddGroup(std::vector<wasm::SubType> types) {
  const auto first = static_cast<uint32_t>(made_.types.size());
  const auto count = static_cast<uint32_t>(types.size());
  made_.rec_groups.push_back({first, count, /*is_explicit=*/true});
  for (wasm::SubType& type : types) made_.types.push_back(std::move(type));
  Intern(first, count);
  return first;
}

uint32_t Assembly::NextFunction() const {
  return original_.FunctionCount() + static_cast<uint32_t>(functions_.size());
}

uint32_t Assembly::AddFunction(wasm::TypeIdx type, std::vector<wasm::ValType> locals,
                               wasm::Body body) {
  functions_.push_back({std::nullopt, {type, std::move(locals), std::move(body)}});
  return NextFunction() - 1;
}

uint32_t Assembly::AddFunctionImport(std::string_view module, std::string_view name,
                                     wasm::TypeIdx type) {
  functions_.push_back(
      {wasm::Import{std::string(module), std::string(name), wasm::FuncRef{type}}, {}});
  return NextFunction() - 1;
}

uint32_t Assembly::AddGlobal(wasm::GlobalType type, wasm::Body init) {
  globals_.push_back({type, std::move(init)});
  return original_.GlobalCount() + static_cast<uint32_t>(globals_.size() - 1);
}

uint32_t Assembly::AddTable(wasm::TableType type) {
  tables_.push_back({type, std::nullopt});
  return original_.TableCount() + static_cast<uint32_t>(tables_.size() - 1);
}

uint32_t Assembly::AddTag(wasm::TypeIdx type) {
  tags_.push_back({wasm::TagType{type}});
  return original_.TagCount() + static_cast<uint32_t>(tags_.size() - 1);
}

uint32_t Assembly::AddData(ByteSpan bytes) {
  has_data_ = true;
  wasm::DataSegment segment;
  segment.bytes.assign(bytes.begin(), bytes.end());
  made_.datas.push_back(std::move(segment));
  return static_cast<uint32_t>(made_.datas.size() - 1);
}

void Assembly::AddExport(std::string_view name, uint32_t function) {
  made_.exports.push_back({std::string(name), ExternKind::Func, function});
}

template <typename Given>
std::vector<uint32_t> Assembly::Number(ExternKind kind, const Given& given, size_t added) const {
  const uint32_t imports = original_.ImportCount(kind);
  uint32_t kept = 0, defined = imports - static_cast<uint32_t>(given.size());
  std::vector<uint32_t> numbers;
  for (uint32_t i = 0; i < imports; ++i) numbers.push_back(given.contains(i) ? defined++ : kept++);
  const std::array counts = {original_.FunctionCount(), original_.TableCount(),
                             original_.MemoryCount(), original_.GlobalCount(),
                             original_.TagCount()};
  const size_t all = counts[static_cast<size_t>(kind)] + added;
  while (numbers.size() < all) numbers.push_back(defined++);
  return numbers;
}

// Imports that stay, added ones, definitions, added ones.
std::vector<uint32_t> Assembly::NumberFunctions() const {
  const uint32_t imports = original_.ImportCount(ExternKind::Func);
  std::vector<uint32_t> numbers(original_.FunctionCount() + functions_.size());
  uint32_t next = 0;
  for (uint32_t i = 0; i < imports; ++i) {
    if (!given_functions_.contains(i)) numbers[i] = next++;
  }
  const auto number_added = [&](bool imported) {
    for (size_t i = 0; i < functions_.size(); ++i) {
      if (functions_[i].import.has_value() == imported) {
        numbers[original_.FunctionCount() + i] = next++;
      }
    }
  };
  number_added(/*imported=*/true);
  for (uint32_t i = imports; i < original_.FunctionCount(); ++i) numbers[i] = next++;
  number_added(/*imported=*/false);
  for (const auto& [import, function] : given_functions_) numbers[import] = numbers[function];
  return numbers;
}

wasm::Module Assembly::Finish() && {
  const std::array<std::vector<uint32_t>, 5> numbers = {
      NumberFunctions(), Number(ExternKind::Table, given_tables_, tables_.size()),
      Number(ExternKind::Memory, given_memories_, 0),
      Number(ExternKind::Global, given_globals_, globals_.size()),
      Number(ExternKind::Tag, std::map<uint32_t, int>(), tags_.size())};
  std::vector<wasm::Table> tables;
  std::vector<wasm::Memory> memories;
  std::vector<wasm::Global> globals;
  std::vector<wasm::Import> imports;
  std::array<uint32_t, 5> next = {};
  for (const wasm::Import& import : original_.imports) {
    const uint32_t index = next[static_cast<size_t>(import.kind())]++;
    if (const auto found = given_globals_.find(index);
        import.kind() == ExternKind::Global && found != given_globals_.end()) {
      globals.push_back({std::get<wasm::GlobalType>(import.type), found->second});
    } else if (import.kind() == ExternKind::Table && given_tables_.contains(index)) {
      tables.push_back(given_tables_.at(index));
    } else if (import.kind() == ExternKind::Memory && given_memories_.contains(index)) {
      memories.push_back(given_memories_.at(index));
    } else if (import.kind() != ExternKind::Func || !given_functions_.contains(index)) {
      imports.push_back(import);
    }
  }
  for (AddedFunction& added : functions_) {
    if (added.import) {
      imports.push_back(*std::move(added.import));
    } else {
      made_.functions.push_back(std::move(added.function));
    }
  }
  made_.imports = std::move(imports);
  made_.tables.insert(made_.tables.begin(), tables.begin(), tables.end());
  std::ranges::move(tables_, std::back_inserter(made_.tables));
  made_.memories.insert(made_.memories.begin(), memories.begin(), memories.end());
  made_.globals.insert(made_.globals.begin(), globals.begin(), globals.end());
  std::ranges::move(globals_, std::back_inserter(made_.globals));
  std::ranges::move(tags_, std::back_inserter(made_.tags));
  if (!declared_.empty()) {
    wasm::ElemSegment segment;
    segment.mode = wasm::SegmentMode::Declarative;
    segment.type = wasm::ValType::Ref(wasm::AbstractHeap::Func, false);
    segment.plain_functions = true;
    for (const uint32_t function : declared_) {
      segment.items.push_back(wasm::Code().Op(wasm::Opcode::RefFunc, function).Body());
    }
    made_.elems.push_back(std::move(segment));
  }
  if (has_data_) made_.data_count = static_cast<uint32_t>(made_.datas.size());
  made_.type_offsets.clear();
  std::erase_if(made_.customs, [](const wasm::CustomSection& c) { return c.name == "name"; });
  rewrite::VisitModule(made_, [&](Space space, uint32_t& index) {
    const auto at = static_cast<size_t>(space);
    if (at < numbers.size()) index = numbers[at][index];
  });
  return std::move(made_);
}

}  // namespace slabhound::provide
