#include "cli/probe_run.h"

#include <algorithm>

#include "diff/materialize.h"
#include "engine/info.h"

namespace slabhound::cli {
namespace {

using engine::EngineSpec;
using trace::ToldKind;

// A probe's graph as the case has it: its one root is the value, and functions have their numbers.
graph::Graph AsTold(graph::Graph graph, uint32_t probe, uint32_t added) {
  graph.roots.erase(graph.roots.begin());
  graph.roots.front().name = "value";
  for (graph::Node& node : graph.nodes) {
    for (trace::Told& field : node.fields) {
      if (field.kind == ToldKind::Func && field.bits > probe) field.bits -= 1 + added;
    }
  }
  return graph;
}

uint32_t ImportedFunctions(const wasm::Module& module) {
  return module.FunctionCount() - static_cast<uint32_t>(module.functions.size());
}

// The site of a probe's event: its first argument.
std::optional<uint64_t> SiteNumber(const trace::Trace& trace, size_t event, size_t sites) {
  if (event >= trace.events.size()) return std::nullopt;
  const auto* call = std::get_if<trace::Imported>(&trace.events[event].what);
  if (call == nullptr || trace.events[event].subject != graph::kProbeName) return std::nullopt;
  const uint64_t site = call->arguments.front().bits;
  return site < sites ? std::optional(site) : std::nullopt;
}

}  // namespace

std::vector<ProbeForm> ProbeFormsOf(const diff::Prepared& prepared, const EngineSpec& suspect) {
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  const bool draws = !engine::InProcess(suspect) && suspect.form.gc != engine::Collection::None;
  std::vector<ProbeForm> forms;
  const auto add_with = [&](uint32_t points) {
    if (!draws || suspect.form.points == points) return;
    forms.push_back({test_case, suspect});
    forms.back().spec.form.points = points;
  };
  add_with(0);
  if (auto made = diff::Materialize(test_case, suspect)) {
    forms.push_back({std::move(made->test_case), std::move(made->spec)});
  } else {
    forms.push_back({test_case, suspect});
  }
  add_with(1);
  return forms;
}

std::string ProbeRun::SiteOf(size_t event, const diff::Prepared& original) const {
  const auto site = SiteNumber(traces[0], event, probed.sites.size());
  if (!site) return {};
  const uint32_t added =
      ImportedFunctions(*before.module.module) - ImportedFunctions(*original.module.module);
  std::string text = graph::SiteText(probed.sites[*site], before, added);
  if (engines[1].form.points == 1) text += ", with a collection everywhere";
  return text;
}

std::optional<Heaps> ProbeRun::At(size_t event, const diff::Prepared& original) const {
  const auto site = SiteNumber(traces[0], event, probed.sites.size());
  if (!site || SiteNumber(traces[1], event, probed.sites.size()) != site) return std::nullopt;
  auto expected = graph::ReadGraph(traces[0], event, *prepared.types, graph::Extent::Exports);
  auto found = graph::ReadGraph(traces[1], event, *prepared.types, graph::Extent::Exports);
  if (!expected || !found || expected->roots.size() != 2 || found->roots.size() != 2) {
    return std::nullopt;
  }
  const uint32_t probe = ImportedFunctions(*before.module.module);
  const uint32_t added = probe - ImportedFunctions(*original.module.module);
  graph::Differing graphs{event,
                          AsTold(*std::move(expected), probe, added),
                          AsTold(*std::move(found), probe, added),
                          {}};
  graphs.difference = graph::Compare(graphs.expected, graphs.found);
  return Heaps{std::move(graphs), SiteOf(event, original)};
}

std::optional<ProbeRun> RunProbes(const ProbeForm& form, const EngineSpec& reference,
                                  const worker::Lab& lab, const graph::ProbeOptions& options,
                                  size_t calls) {
  auto before = diff::Prepare(form.test_case);
  auto probed = before ? graph::AddProbes(*before, options) : std::nullopt;
  if (!probed) return std::nullopt;
  auto& planned = probed->test_case.plan.calls;
  if (planned.size() > calls) planned.resize(calls);
  auto prepared = diff::Prepare(probed->test_case);
  if (!prepared) return std::nullopt;
  EngineSpec suspect = form.spec;  // functions have other numbers, but what is done with them stays
  if (!engine::InProcess(suspect)) {
    suspect.form.straight = diff::WithOtherParity(*engine::FormOf(suspect).straight);
  }
  ProbeRun run{*std::move(before),
               *std::move(probed),
               *std::move(prepared),
               {reference, std::move(suspect)},
               {}};
  for (size_t i = 0; i < 2; ++i) run.traces[i] = diff::Run(run.prepared, run.engines[i], lab);
  return run;
}

}  // namespace slabhound::cli
