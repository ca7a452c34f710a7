#include "cli/repro_heaps.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/death_heaps.h"
#include "cli/probe_run.h"
#include "engine/info.h"
#include "graph/svg.h"

namespace slabhound::cli {
namespace {

using engine::EngineSpec;

graph::Extent ExtentOf(const EngineSpec& reference, const EngineSpec& suspect) {
  return engine::InProcess(reference) && engine::InProcess(suspect) ? graph::Extent::Everything
                                                                    : graph::Extent::Exports;
}

// The heaps at the first probe that differs.
std::optional<Heaps> HeapsAtProbe(const ProbeForm& form, const EngineSpec& reference,
                                  const diff::Prepared& original, const worker::Lab& lab) {
  const auto run = RunProbes(form, reference, lab);
  if (!run) return std::nullopt;
  const auto event = diff::Compare(run->engines, run->traces, lab.today).event;
  auto heaps = event ? run->At(*event, original) : std::nullopt;
  if (!heaps || heaps->graphs.difference.count == 0) return std::nullopt;
  return heaps;
}

std::optional<Heaps> ProbedHeaps(const Judged& judged, const diff::Prepared& prepared,
                                 const worker::Lab& lab) {
  if (judged.verdict.suspect.kind == engine::EngineKind::Command) return std::nullopt;
  for (const ProbeForm& form : ProbeFormsOf(prepared, judged.verdict.suspect)) {
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
  if (!judged.verdict.is_finding()) return std::nullopt;
  const size_t suspect = judged.suspect();
  if (judged.traces[suspect].failure) return HeapsBeforeDeath(judged, prepared, lab);
  if (!judged.verdict.event) return std::nullopt;
  auto graphs = graph::FindDiffering(judged.traces.front(), judged.traces[suspect],
                                     *judged.verdict.event, *prepared.types,
                                     ExtentOf(judged.engines.front(), judged.engines[suspect]));
  if (graphs) return Heaps{*std::move(graphs), {}};
  return ProbedHeaps(judged, prepared, lab);
}

std::string PictureText(const Judged& judged, const Heaps& heaps, const diff::Prepared& prepared) {
  const graph::Differing& graphs = heaps.graphs;
  const graph::NodeNames names(prepared.module);
  std::string title = diff::SignatureText(judged.verdict.signature) + ": ";
  if (graphs.difference.places.empty()) {
    title += "both have the same up to " + heaps.where;
  } else {
    const graph::Place& first = graphs.difference.places.front();
    title += fmt::format("{} at {}", graph::WrongText(first.wrong),
                         graph::PathText(graphs.expected, graphs.difference, first, names));
    if (!heaps.where.empty()) title += " of " + heaps.where;
  }
  const graph::Captions captions{.title = std::move(title),
                                 .expected = engine::EngineText(judged.engines.front()),
                                 .found = engine::EngineText(judged.verdict.suspect)};
  return graph::SvgText(captions, graphs.expected, graphs.found, graphs.difference, names);
}

}  // namespace slabhound::cli
