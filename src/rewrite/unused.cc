#include "rewrite/unused.h"

#include <algorithm>

namespace slabhound::rewrite {
namespace {

size_t At(Space space) { return static_cast<size_t>(space); }

std::array<size_t, kSpaceCount> SizesOf(const wasm::Module& module) {
  return {module.FunctionCount(), module.TableCount(), module.MemoryCount(), module.GlobalCount(),
          module.TagCount(),      module.types.size(), module.elems.size(),  module.datas.size()};
}

class Marker {
 public:
  Marker(const wasm::Module& module, const UnusedOptions& options)
      : module_(module), options_(options) {
    const auto sizes = SizesOf(module);
    for (size_t space = 0; space < kSpaceCount; ++space) kept_[space].assign(sizes[space], 0);
    for (size_t i = 0; i < module_.imports.size(); ++i) {
      imports_[static_cast<size_t>(module_.imports[i].kind())].push_back(i);
    }
  }

  Kept Run(std::span<const Entity> roots) {
    for (const Entity& root : roots) Mark(root.space, root.index);
    for (const wasm::Export& exported : module_.exports) {
      Mark(static_cast<Space>(exported.kind), exported.index);
    }
    if (module_.start) Mark(Space::Func, *module_.start);
    if (!options_.drop_segments) MarkSegments(/*all=*/true);
    Drain();
    // An active segment matters when its table or memory does, and may bring more to life.
    for (size_t before = SIZE_MAX; before != marked_;) {
      before = marked_;
      MarkSegments(/*all=*/false);
      Drain();
    }
    return std::move(kept_);
  }

 private:
  void Mark(Space space, uint32_t index) {
    if (index >= kept_[At(space)].size() || kept_[At(space)][index] != 0) return;
    kept_[At(space)][index] = 1;
    ++marked_;
    work_.push_back({space, index});
  }

  void MarkSegments(bool all) {
    for (uint32_t i = 0; i < module_.elems.size(); ++i) {
      const wasm::ElemSegment& elem = module_.elems[i];
      if (elem.mode != wasm::SegmentMode::Active) continue;
      if (all || kept_[At(Space::Table)][elem.table] != 0) Mark(Space::Elem, i);
    }
    for (uint32_t i = 0; i < module_.datas.size(); ++i) {
      const wasm::DataSegment& data = module_.datas[i];
      if (data.mode != wasm::SegmentMode::Active) continue;
      if (all || kept_[At(Space::Memory)][data.memory] != 0) Mark(Space::Data, i);
    }
  }

  void Drain() {
    const IndexVisitor visit = [this](Space space, uint32_t& index) { Mark(space, index); };
    while (!work_.empty()) {
      const auto [space, index] = work_.back();
      work_.pop_back();
      VisitEntity(space, index, visit);
    }
  }

  // The visitor takes its entity as mutable: copies are visited.
  void VisitEntity(Space space, uint32_t index, const IndexVisitor& visit) {
    if (space == Space::Type) return VisitTypeEntity(index, visit);
    if (space == Space::Elem) {
      wasm::ElemSegment segment = module_.elems[index];
      return VisitElem(segment, visit);
    }
    if (space == Space::Data) {
      wasm::DataSegment segment = module_.datas[index];
      return VisitData(segment, visit);
    }
    const auto& imports = imports_[At(space)];
    if (index < imports.size()) {
      wasm::Import import = module_.imports[imports[index]];
      return VisitImport(import, visit);
    }
    index -= static_cast<uint32_t>(imports.size());
    switch (space) {
      case Space::Func: {
        wasm::Function function = module_.functions[index];
        return VisitFunction(function, visit);
      }
      case Space::Table: {
        wasm::Table table = module_.tables[index];
        VisitType(table.type.element, visit);
        if (table.init) VisitBody(*table.init, visit);
        return;
      }
      case Space::Global: {
        wasm::Global global = module_.globals[index];
        VisitType(global.type.type, visit);
        return VisitBody(global.init, visit);
      }
      case Space::Tag: {
        uint32_t type = module_.tags[index].type.type;
        return visit(Space::Type, type);
      }
      default:
        return;
    }
  }

  void VisitTypeEntity(uint32_t index, const IndexVisitor& visit) {
    wasm::SubType type = module_.types[index];
    VisitSubType(type, visit);
    if (options_.split_groups) return;
    for (const wasm::RecGroup& group : module_.rec_groups) {
      if (index < group.first || index >= group.first + group.count) continue;
      for (uint32_t i = group.first; i < group.first + group.count; ++i) Mark(Space::Type, i);
    }
  }

  const wasm::Module& module_;
  const UnusedOptions& options_;
  Kept kept_;
  std::array<std::vector<size_t>, 5> imports_;
  std::vector<std::pair<Space, uint32_t>> work_;
  size_t marked_ = 0;
};

template <typename T>
void Filter(std::vector<T>& items, const std::vector<uint8_t>& kept, size_t first) {
  size_t i = first;
  std::erase_if(items, [&](const T&) { return kept[i++] == 0; });
}

void FilterGroups(wasm::Module& module, const std::vector<uint8_t>& kept) {
  uint32_t next = 0;
  for (wasm::RecGroup& group : module.rec_groups) {
    const auto begin = kept.begin() + group.first;
    group.count = static_cast<uint32_t>(std::count(begin, begin + group.count, uint8_t{1}));
    group.first = next;
    next += group.count;
  }
  std::erase_if(module.rec_groups, [](const wasm::RecGroup& group) { return group.count == 0; });
}

// Declarative segments name functions that stay, or go.
void FilterDeclarations(wasm::Module& module, Kept& kept) {
  for (size_t i = 0; i < module.elems.size(); ++i) {
    wasm::ElemSegment& segment = module.elems[i];
    if (segment.mode != wasm::SegmentMode::Declarative) continue;
    std::erase_if(segment.items, [&](wasm::Body& item) {
      bool stays = true, names = false;
      VisitBody(item, [&](Space space, uint32_t& index) {
        stays = stays && kept[At(space)][index] != 0;
        names = names || space == Space::Func;
      });
      return !stays || !names;
    });
    bool type_stays = true;
    VisitType(segment.type, [&](Space space, uint32_t& index) {
      type_stays = type_stays && kept[At(space)][index] != 0;
    });
    kept[At(Space::Elem)][i] = !segment.items.empty() && type_stays ? 1 : 0;
  }
}

}  // namespace

Kept All(const wasm::Module& module) {
  Kept kept;
  const auto sizes = SizesOf(module);
  for (size_t space = 0; space < kSpaceCount; ++space) kept[space].assign(sizes[space], 1);
  return kept;
}

Kept Reachable(const wasm::Module& module, const UnusedOptions& options,
               std::span<const Entity> roots) {
  return Marker(module, options).Run(roots);
}

wasm::Module KeepOnly(const wasm::Module& source, const Kept& keep) {
  wasm::Module module = source;
  Kept kept = keep;
  FilterDeclarations(module, kept);
  std::array<std::vector<uint32_t>, kSpaceCount> renumbered;
  for (size_t space = 0; space < kSpaceCount; ++space) {
    uint32_t next = 0;
    for (const uint8_t stays : kept[space]) renumbered[space].push_back(stays != 0 ? next++ : 0);
  }
  std::array<uint32_t, 5> import_counts = {};
  std::erase_if(module.imports, [&](const wasm::Import& import) {
    const auto kind = static_cast<size_t>(import.kind());
    return kept[kind][import_counts[kind]++] == 0;
  });
  Filter(module.functions, kept[At(Space::Func)], import_counts[0]);
  Filter(module.tables, kept[At(Space::Table)], import_counts[1]);
  Filter(module.memories, kept[At(Space::Memory)], import_counts[2]);
  Filter(module.globals, kept[At(Space::Global)], import_counts[3]);
  Filter(module.tags, kept[At(Space::Tag)], import_counts[4]);
  Filter(module.types, kept[At(Space::Type)], 0);
  module.type_offsets.clear();
  FilterGroups(module, kept[At(Space::Type)]);
  Filter(module.elems, kept[At(Space::Elem)], 0);
  Filter(module.datas, kept[At(Space::Data)], 0);
  module.data_count.reset();
  VisitModule(module, [&](Space space, uint32_t& index) {
    index = index < renumbered[At(space)].size() ? renumbered[At(space)][index] : 0;
  });
  for (size_t space = 0; space < kSpaceCount && module.names; ++space) {
    const auto stays = [&](uint32_t index) {
      return index < kept[space].size() && kept[space][index] != 0
                 ? std::optional(renumbered[space][index])
                 : std::nullopt;
    };
    wasm::RenumberNames(module, static_cast<Space>(space), stays);
  }
  return module;
}

}  // namespace slabhound::rewrite
