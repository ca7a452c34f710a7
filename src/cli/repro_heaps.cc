#include "cli/repro_heaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "diff/materialize.h"
#include "graph/probes.h"
#include "graph/svg.h"

namespace slabhound::cli {
namespace {

using engine::EngineSpec;
using trace::ToldKind;

graph::Extent ExtentOf(const EngineSpec& reference, const EngineSpec& suspect) {
  return engine::InProcess(reference) && engine::InProcess(suspect) ? graph::Extent::Everything
                                                                    : graph::Extent::Exports;
}

// A case and the configuration in which probes may show it.
struct Form {
  testcase::TestCase test_case;
  EngineSpec spec;
};

// With the collections that happened as instructions, so that probes move none; where that does not
// show it, one that collects at each place.
std::vector<Form> FormsOf(const diff::Prepared& prepared, const EngineSpec& suspect) {
  std::vector<Form> forms;
  const testcase::TestCase test_case{*prepared.module.module, prepared.plan};
  if (auto made = diff::Materialize(test_case, suspect)) {
    forms.push_back({std::move(made->test_case), std::move(made->spec)});
  } else {
    forms.push_back({test_case, suspect});
  }
  const bool draws = !engine::InProcess(suspect) && suspect.form.gc != engine::Collection::None;
  if (draws && suspect.form.points != 1) {
    forms.push_back({test_case, suspect});
    forms.back().spec.form.points = 1;
  }
  return forms;
}

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

// The heaps at the first probe that differs.
std::optional<Heaps> HeapsAtProbe(const Form& form, const EngineSpec& reference,
                                  const diff::Prepared& original, const worker::Lab& lab) {
  const auto before = testcase::Prepare(form.test_case);
  const auto probed = before ? graph::AddProbes(*before) : std::nullopt;
  if (!probed) return std::nullopt;
  const auto prepared = diff::Prepare(probed->test_case);
  if (!prepared) return std::nullopt;
  const std::array engines = {reference, form.spec};
  const std::array traces = {diff::Run(*prepared, reference, lab),
                             diff::Run(*prepared, form.spec, lab)};
  const auto event = diff::Compare(engines, traces, lab.today).event;
  if (!event || *event >= traces[0].events.size()) return std::nullopt;
  const trace::Event& wanted = traces[0].events[*event];
  const auto* call = std::get_if<trace::Imported>(&wanted.what);
  if (call == nullptr || wanted.subject != graph::kProbeName) return std::nullopt;
  auto expected = graph::ReadGraph(traces[0], *event, *prepared->types, graph::Extent::Exports);
  auto found = graph::ReadGraph(traces[1], *event, *prepared->types, graph::Extent::Exports);
  const bool same_site = expected && found && expected->roots.size() == 2 &&
                         found->roots.size() == 2 &&
                         expected->roots[0].value == found->roots[0].value;
  const uint64_t site = call->arguments.front().bits;
  if (!same_site || site >= probed->sites.size()) return std::nullopt;
  const uint32_t probe = ImportedFunctions(*before->module.module);
  const uint32_t added = probe - ImportedFunctions(*original.module.module);
  graph::Differing graphs{*event,
                          AsTold(*std::move(expected), probe, added),
                          AsTold(*std::move(found), probe, added),
                          {}};
  graphs.difference = graph::Compare(graphs.expected, graphs.found);
  if (graphs.difference.count == 0) return std::nullopt;
  std::string where = graph::SiteText(probed->sites[site], *before, added);
  if (form.spec.form.points == 1) where += ", with a collection everywhere";
  return Heaps{std::move(graphs), std::move(where)};
}

std::optional<Heaps> ProbedHeaps(const Judged& judged, const diff::Prepared& prepared,
                                 const worker::Lab& lab) {
  if (judged.verdict.suspect.kind == engine::EngineKind::Command) return std::nullopt;
  for (const Form& form : FormsOf(prepared, judged.verdict.suspect)) {
    auto heaps = HeapsAtProbe(form, judged.engines.front(), prepared, lab.WithoutRecurrence());
    if (heaps) return heaps;
  }
  return std::nullopt;
}

}  // namespace

size_t Judged::suspect() const {
  return static_cast<size_t>(std::ranges::find(engines, verdict.suspect) - engines.begin());
}

std::optional<Heaps> HeapsOf(const Judged& judged, const diff::Prepared& prepared,
                             const worker::Lab& lab) {
  if (!judged.verdict.event) return std::nullopt;
  const size_t suspect = judged.suspect();
  auto graphs = graph::FindDiffering(judged.traces.front(), judged.traces[suspect],
                                     *judged.verdict.event, *prepared.types,
                                     ExtentOf(judged.engines.front(), judged.engines[suspect]));
  if (graphs) return Heaps{*std::move(graphs), {}};
  return ProbedHeaps(judged, prepared, lab);
}

std::string PictureText(const Judged& judged, const Heaps& heaps, const diff::Prepared& prepared) {
  const graph::Differing& graphs = heaps.graphs;
  const graph::NodeNames names(prepared.module);
  const graph::Place& first = graphs.difference.places.front();
  std::string title = fmt::format(
      "{}: {} at {}", diff::SignatureText(judged.verdict.signature), graph::WrongText(first.wrong),
      graph::PathText(graphs.expected, graphs.difference, first, names));
  if (!heaps.where.empty()) title += " of " + heaps.where;
  const graph::Captions captions{.title = std::move(title),
                                 .expected = engine::EngineText(judged.engines.front()),
                                 .found = engine::EngineText(judged.verdict.suspect)};
  return graph::SvgText(captions, graphs.expected, graphs.found, graphs.difference, names);
}

}  // namespace slabhound::cli
