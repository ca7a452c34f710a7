#include <set>
#include <utility>

#include "minimizer/reducer.h"
#include "rewrite/unused.h"

namespace slabhound::minimizer {
namespace {

using rewrite::Space;

size_t At(Space space) { return static_cast<size_t>(space); }

// The type of a definition or import of the whole index space.
template <typename Type, typename Definition>
const Type& TypeOf(const wasm::Module& module, const std::vector<Definition>& definitions,
                   uint32_t index) {
  for (const wasm::Import& import : module.imports) {
    const Type* type = std::get_if<Type>(&import.type);
    if (type && index-- == 0) return *type;
  }
  return definitions[index].type;
}

// Types that say the same of their values once uses of the one are uses of the other.
bool AreAlike(const wasm::Module& module, uint32_t from, uint32_t to) {
  wasm::SubType a = module.types[from], b = module.types[to];
  const rewrite::IndexVisitor visit = [&](Space, uint32_t& index) {
    if (index == from) index = to;
  };
  rewrite::VisitSubType(a, visit);
  rewrite::VisitSubType(b, visit);
  return a.composite == b.composite;
}

bool CanMerge(const wasm::Module& module, Space space, uint32_t from, uint32_t to) {
  switch (space) {
    case Space::Func:
      return module.FunctionTypeIdx(from) == module.FunctionTypeIdx(to);
    case Space::Table:
      return TypeOf<wasm::TableType>(module, module.tables, from).element ==
             TypeOf<wasm::TableType>(module, module.tables, to).element;
    case Space::Global:
      return TypeOf<wasm::GlobalType>(module, module.globals, from) ==
             TypeOf<wasm::GlobalType>(module, module.globals, to);
    case Space::Tag:
      return TypeOf<wasm::TagType>(module, module.tags, from) ==
             TypeOf<wasm::TagType>(module, module.tags, to);
    case Space::Type:
      return AreAlike(module, from, to);
    case Space::Elem:
      return module.elems[from].type == module.elems[to].type &&
             module.elems[to].mode != wasm::SegmentMode::Declarative;
    default:
      return true;
  }
}

// Partners that stand before it: types and initializers may only look back. Functions may be the
// same as any other.
std::optional<uint32_t> Partner(const wasm::Module& module, Space space, uint32_t from,
                                uint32_t count, size_t nth) {
  const uint32_t end = space == Space::Func ? count : from;
  for (uint32_t to = 0; to < end; ++to) {
    if (to != from && CanMerge(module, space, from, to) && nth-- == 0) return to;
  }
  return std::nullopt;
}

wasm::Module Merged(wasm::Module module, Space space, uint32_t from, uint32_t to) {
  rewrite::VisitModule(module, [&](Space in, uint32_t& index) {
    if (in == space && index == from) index = to;
  });
  rewrite::Kept kept = rewrite::All(module);
  kept[At(space)][from] = 0;
  return rewrite::KeepOnly(module, kept);
}

}  // namespace

// From the last on: those before it keep their numbers.
void ReduceMerge(Reduction& reduction) {
  constexpr size_t kPartnersMax = 3;
  struct Place {
    Space space;
    uint32_t from;
    size_t nth;
  };
  std::vector<Place> places;
  const rewrite::Kept all = rewrite::All(reduction.module());
  // Types first, which make other things alike.
  for (const Space space : {Space::Type, Space::Func, Space::Table, Space::Memory, Space::Global,
                            Space::Tag, Space::Elem, Space::Data}) {
    for (size_t i = all[At(space)].size(); i-- > 0;) {
      for (size_t nth = 0; nth < kPartnersMax; ++nth) {
        places.push_back({space, static_cast<uint32_t>(i), nth});
      }
    }
  }
  std::set<std::pair<Space, uint32_t>> merged;
  reduction.TryEach(
      {.count = places.size(),
       .at = [&](size_t place) -> std::optional<testcase::TestCase> {
         const auto [space, from, nth] = places[place];
         if (merged.contains({space, from})) return std::nullopt;
         const wasm::Module& module = reduction.module();
         const auto count = static_cast<uint32_t>(rewrite::All(module)[At(space)].size());
         const auto to = Partner(module, space, from, count, nth);
         if (!to) return std::nullopt;
         return testcase::TestCase{Merged(module, space, from, *to), reduction.current().plan};
       },
       .accepted = [&](size_t place) { merged.emplace(places[place].space, places[place].from); }});
}

}  // namespace slabhound::minimizer
