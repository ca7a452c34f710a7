#include "diff/materialize.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/info.h"
#include "portable/places.h"
#include "rewrite/references.h"
#include "testcase/collections.h"
#include "testcase/meaning.h"
#include "testcase/prepared.h"

namespace slabhound::diff {
namespace {

using engine::EngineSpec;
using engine::Straight;
using wasm::Opcode;

// By definition: before which instructions a collection stands, in order.
using PlacesOf = std::vector<std::vector<uint32_t>>;

PlacesOf DrawnPlaces(const wasm::Module& module, const engine::FormSpec& form) {
  const testcase::Collections collections(module);
  portable::Places places(collections, *form.points, *form.seed);
  PlacesOf drawn;
  for (const wasm::Function& function : module.functions) {
    drawn.push_back(places.Draw(function.body));
  }
  return drawn;
}

// As gc/schedule.h has it.
PlacesOf ScheduledPlaces(const wasm::Module& module, const gc::Schedule& schedule) {
  using Kind = gc::Schedule::Kind;
  const bool safepoints = schedule.kind == Kind::EverySafepoint || schedule.kind == Kind::Random;
  PlacesOf places(module.functions.size());
  if (schedule.kind == Kind::Never || schedule.kind == Kind::Explicit) return places;
  for (size_t function = 0; function < places.size(); ++function) {
    const std::vector<wasm::Instr>& code = module.functions[function].body.code;
    if (safepoints) places[function].push_back(0);
    for (uint32_t i = 0; i < code.size(); ++i) {
      if (wasm::Info(code[i].op).gc == wasm::GcEffect::Allocates) places[function].push_back(i);
      if (safepoints && code[i].op == Opcode::Loop) places[function].push_back(i + 1);
    }
  }
  return places;
}

wasm::TypeIdx PlainFunctionType(wasm::Module& module) {
  const auto is_plain = [](const wasm::SubType& type) {
    const auto* function = std::get_if<wasm::FuncType>(&type.composite);
    return function != nullptr && *function == wasm::FuncType();
  };
  const auto found = std::ranges::find_if(module.types, is_plain);
  const auto index = static_cast<wasm::TypeIdx>(found - module.types.begin());
  if (found == module.types.end()) {
    module.types.push_back({.is_final = true, .supers = {}, .composite = wasm::FuncType()});
    module.rec_groups.push_back({.first = index, .count = 1, .is_explicit = false});
  }
  return index;
}

// The first function becomes an import that forces a collection.
void ImportCollection(wasm::Module& module) {
  rewrite::VisitModule(module, [](rewrite::Space space, uint32_t& index) {
    if (space == rewrite::Space::Func) ++index;
  });
  wasm::RenumberNames(module, rewrite::Space::Func,
                      [](uint32_t index) { return std::optional(index + 1); });
  const wasm::TypeIdx type = PlainFunctionType(module);
  module.imports.insert(module.imports.begin(),
                        {std::string(testcase::kCollectModule), std::string(testcase::kCollectName),
                         wasm::FuncRef{type}, 0});
}

void InsertCalls(wasm::Module& module, const PlacesOf& places, uint32_t callee) {
  for (size_t function = 0; function < places.size(); ++function) {
    std::vector<wasm::Instr>& code = module.functions[function].body.code;
    size_t place = 0;
    const std::vector<wasm::Instr> original = std::exchange(code, {});
    for (size_t i = 0; i < original.size(); ++i) {
      for (; place < places[function].size() && places[function][place] == i; ++place) {
        code.push_back({.op = Opcode::Call, .a = callee});
      }
      code.push_back(original[i]);
    }
  }
}

// Whether there is any; functions may have other indices then.
struct Inserted {
  bool any = false, renumbered = false;
};
Inserted Insert(wasm::Module& module, const PlacesOf& places) {
  if (std::ranges::all_of(places, &std::vector<uint32_t>::empty)) return {};
  const bool renumbered = !testcase::Collections(module).first();
  if (renumbered) ImportCollection(module);
  InsertCalls(module, places, *testcase::Collections(module).first());
  return {true, renumbered};
}

// The form that draws nothing, and says no more than it must.
engine::FormSpec Settled(EngineSpec spec, Straight straight) {
  if (engine::FormOf(spec).gc != engine::Collection::None) spec.form.points = 0;
  spec.form.seed.reset();
  spec.form.straight.reset();
  spec.form.one_case_in = 1;
  if (engine::FormOf(spec).straight != straight) spec.form.straight = straight;
  return spec.form;
}

}  // namespace

Straight WithOtherParity(Straight straight) {
  if (straight == Straight::Even) return Straight::Odd;
  return straight == Straight::Odd ? Straight::Even : straight;
}

std::optional<Materialized> Materialize(const testcase::TestCase& test_case,
                                        const EngineSpec& spec) {
  using enum engine::EngineKind;
  if (spec.kind == Oracle || spec.kind == Command) return std::nullopt;
  const auto prepared = testcase::Prepare(test_case);  // as engines get it
  if (!prepared) return std::nullopt;
  Materialized made{{*prepared->module.module, prepared->plan}, spec};
  wasm::Module& module = made.test_case.module;
  if (spec.kind == Slab) {
    const Inserted inserted = Insert(module, ScheduledPlaces(module, spec.slab.schedule));
    if (inserted.any) {
      gc::Schedule& schedule = made.spec.slab.schedule;
      schedule = {.kind = gc::Schedule::Kind::Explicit, .extent = schedule.extent};
    }
    return made;
  }
  const engine::FormSpec form = engine::FormOf(spec);
  const Inserted inserted = Insert(module, DrawnPlaces(module, form));
  made.spec.form =
      Settled(spec, inserted.renumbered ? WithOtherParity(*form.straight) : *form.straight);
  return made;
}

}  // namespace slabhound::diff
