#include "cli/repro_screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/detail_text.h"
#include "cli/variant_text.h"
#include "graph/layout.h"
#include "regression/reproduce.h"
#include "trace/cut.h"

namespace slabhound::cli {
namespace {

using diff::VerdictKind;

constexpr size_t kWord = 12;  // where a line's text begins
constexpr size_t kPlacesTold = 3;

std::string Line(std::string_view word, const std::string& text) {
  return fmt::format("{:<{}}{}\n", word, kWord, graph::Clipped(text, kColumns - kWord));
}

// A text that goes on in a second and third line.
std::string Paragraph(std::string_view word, std::string_view text) {
  constexpr size_t kWidth = kColumns - kWord, kLinesMax = 3;
  std::string lines;
  for (size_t i = 1; i < kLinesMax && text.size() > kWidth; ++i) {
    const size_t space = text.rfind(' ', kWidth);
    if (space == std::string_view::npos || space == 0) break;
    lines += Line(word, std::string(text.substr(0, space)));
    text.remove_prefix(space + 1);
    word = "";
  }
  return lines + Line(word, std::string(text));
}

// A list that goes on in further lines.
std::string Lines(std::string_view word, const std::vector<std::string>& items, size_t lines_max) {
  std::vector<std::string> lines(1);
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string& item = items[i];
    std::string& last = lines.back();
    if (!last.empty() && last.size() + item.size() + 4 > kColumns - kWord) {
      if (lines.size() == lines_max) {
        last += fmt::format(" and {} more", items.size() - i);
        break;
      }
      last += ",";
      lines.push_back(item);
      continue;
    }
    last += last.empty() ? item : ", " + item;
  }
  std::string text = Line(word, lines.front());
  for (size_t i = 1; i < lines.size(); ++i) text += Line("", lines[i]);
  return text;
}

// The first engine's, as the one that the others are held against.
std::string Until(const Judged& judged) {
  for (size_t i = 0; i < judged.traces.size(); ++i) {
    const auto cut = trace::FirstCut(judged.traces[i]);
    if (!cut) continue;
    const std::string text = trace::CutText(*cut);
    return i == 0 ? text : fmt::format("{}: {}", engine::EngineText(judged.engines[i]), text);
  }
  return {};
}

// A line for each engine that did not run the case, or refused its module.
std::string SilenceText(const Judged& judged) {
  std::string text;
  for (size_t i = 0; i < judged.traces.size(); ++i) {
    if (const auto why = trace::WhySilent(judged.traces[i])) {
      text += fmt::format("not run     {}: {}\n", engine::EngineText(judged.engines[i]), *why);
    }
  }
  return text;
}

std::string HeadText(const Judged& judged) {
  const diff::Verdict& verdict = judged.verdict;
  const std::string until = Until(judged);
  std::string text = IsCutShort(judged)
                         ? fmt::format("verdict     agree until {}\n", until)
                         : fmt::format("verdict     {}\n", diff::VerdictName(verdict.kind));
  if (verdict.is_finding()) {
    text += fmt::format("signature   {}\nsuspect     {}\n", diff::SignatureText(verdict.signature),
                        engine::EngineText(verdict.suspect));
  }
  for (const std::string& name : verdict.known) text += fmt::format("known       {}\n", name);
  for (const std::string& name : verdict.avoided) text += fmt::format("avoided     {}\n", name);
  if (verdict.is_finding() && !until.empty()) text += fmt::format("exhausted   {}\n", until);
  for (const std::string& what : verdict.needs) text += fmt::format("needs       {}\n", what);
  return text + SilenceText(judged);
}

// What the case does on each engine of this run.
std::string EnginesText(const Judged& judged) {
  std::vector<std::string> fail, pass, not_able;
  for (size_t i = 1; i < judged.engines.size(); ++i) {
    const std::array engines = {judged.engines.front(), judged.engines[i]};
    const std::array traces = {judged.traces.front(), judged.traces[i]};
    const diff::Verdict verdict = diff::Compare(engines, traces, judged.today);
    auto& list = verdict.is_finding()                          ? fail
                 : verdict.kind == diff::VerdictKind::Rejected ? not_able
                                                               : pass;
    list.push_back(engine::EngineText(judged.engines[i]));
  }
  std::string text;
  if (!fail.empty()) text += Lines("fails on", fail, 3);
  if (!pass.empty()) text += Lines("passes on", pass, 2);
  if (!not_able.empty()) text += Lines("not able", not_able, 2);
  return text;
}

// By what the campaign tried, where it did; else by this run.
std::string VariantsText(const Screen& screen) {
  const auto rows = screen.finding.cause
                        ? VariantText(screen.finding.cause->variants, screen.judged.verdict.suspect)
                        : std::vector<std::pair<std::string, std::string>>();
  if (rows.empty()) return EnginesText(screen.judged);
  std::string text;
  for (const auto& [word, row] : rows) text += Paragraph(word, row);
  const std::string since =
      SinceText(screen.finding.cause->variants, screen.judged.verdict.suspect);
  return since.empty() ? text : text + Line("it fails", since);
}

std::string EventLine(const trace::Trace& trace, size_t at) {
  if (at >= trace.events.size()) return "nothing: it ended";
  const trace::Event& event = trace.events[at];
  switch (event.kind) {
    case trace::EventKind::Instantiate:
      return "instantiation: " + trace::EventText(event);
    case trace::EventKind::Import:
      return "call of import " + trace::EventText(event);
    case trace::EventKind::Call:
      return "end of call " + trace::EventText(event);
    default:
      return trace::EventText(event);
  }
}

std::string DetailText(const std::string& detail) {
  std::string text;
  for (const std::string& line : DetailLines(detail, kColumns - kWord)) {
    text += Line(text.empty() ? "it says" : "", line);
  }
  return text;
}

std::string EventText(const Screen& screen) {
  const Judged& judged = screen.judged;
  const trace::Trace& suspect = judged.traces[judged.suspect()];
  if (suspect.failure) return DetailText(suspect.failure->detail);
  const size_t event = *judged.verdict.event;
  return Line("event", fmt::format("{} of {}, the first that differs", event + 1,
                                   judged.traces.front().events.size())) +
         Line("  expected", EventLine(judged.traces.front(), event)) +
         Line("  found", EventLine(suspect, event));
}

std::string HeapText(const Screen& screen) {
  if (!screen.heaps) {
    return screen.judged.verdict.event ? Line("heap", "no object that either side tells differs")
                                       : std::string();
  }
  const graph::Differing& heaps = screen.heaps->graphs;
  const graph::NodeNames names(screen.prepared.module);
  std::string text;
  size_t told = 0;
  for (const graph::Place& place : heaps.difference.places) {
    if (++told > kPlacesTold) break;
    text += Line(told == 1 ? "heap" : "",
                 fmt::format("{}: {}", graph::WrongText(place.wrong),
                             graph::PathText(heaps.expected, heaps.difference, place, names)));
    text +=
        Line("  expected", names.Value(heaps.expected, graph::ExpectedAt(heaps.expected, place)));
    text += Line("  found",
                 graph::FoundText(heaps.expected, heaps.found, heaps.difference, place, names));
  }
  if (heaps.difference.count > kPlacesTold) {
    text += Line("", fmt::format("and {} more places", heaps.difference.count - kPlacesTold));
  }
  if (heaps.difference.count == 0) {
    text += Line("heap", "both sides still have the same: " +
                             names.Value(heaps.expected, heaps.expected.roots.front().value));
  }
  if (!screen.heaps->where.empty()) text += Line("  behind", screen.heaps->where);
  if (!screen.heaps->dies.empty()) text += Line("  it dies", screen.heaps->dies);
  if (!screen.picture.empty()) text += fmt::format("  picture   {}\n", screen.picture);
  return text;
}

std::string FolderText(const FindingFolder& finding) {
  std::string text;
  for (const auto& [word, fact] : finding.facts) text += Paragraph(word, fact);
  return text;
}

std::string CommandsText(const Screen& screen) {
  const Judged& judged = screen.judged;
  std::string engines;
  for (const engine::EngineSpec& each : judged.engines) {
    if (each.kind == engine::EngineKind::Oracle) continue;
    engines += " --engine " + regression::ShellWord(engine::EngineText(each));
  }
  const std::string path = regression::ShellWord(screen.path);
  const std::string file = regression::ShellWord(screen.finding.case_file);
  const engine::EngineSpec& suspect = judged.verdict.suspect;
  const bool has_releases = !suspect.version.empty();
  std::string text = fmt::format("replay      slabhound repro {}{}\n", path,
                                 screen.path == screen.finding.case_file ? engines : "");
  text += fmt::format("minimize    slabhound minimize {}{}\n", file, engines);
  if (has_releases) {
    text += fmt::format("regress     slabhound regress {} --engine {}@all\n", path,
                        engine::EngineName(suspect));
  }
  if (const auto& script = screen.finding.script) {
    text +=
        fmt::format("script      {}\n", regression::WastCommand(script->file, script->fails_on));
  }
  return text;
}

}  // namespace

bool IsCutShort(const Judged& judged) {
  const VerdictKind kind = judged.verdict.kind;
  const bool equal = kind == VerdictKind::Agree || kind == VerdictKind::Poisoned;
  return equal && !Until(judged).empty();
}

std::string PlainText(const Judged& judged) {
  const diff::Verdict& verdict = judged.verdict;
  std::string text = HeadText(judged);
  if (verdict.kind == VerdictKind::Rejected || verdict.explanation.empty()) return text;
  return text + verdict.explanation + "\n";
}

std::string UnseenText(const Screen& screen) {
  std::string text = PlainText(screen.judged);
  text += Line("found as", screen.finding.signature);
  if (screen.times > 1) text += fmt::format("reproduced  0 of {}\n", screen.times);
  text += FolderText(screen.finding);
  text += fmt::format("try again   slabhound repro {} --times {}\n",
                      regression::ShellWord(screen.path), std::max(20u, screen.times));
  return text;
}

std::string ScreenText(const Screen& screen) {
  const Judged& judged = screen.judged;
  const std::string& version = judged.traces[judged.suspect()].engine_version;
  std::string text = HeadText(judged);
  const std::string& signature = screen.finding.signature;
  if (!signature.empty() && signature != diff::SignatureText(judged.verdict.signature)) {
    text += Line("found as", signature);
  }
  if (!version.empty()) text += Line("engine", version);
  text += VariantsText(screen);
  text += EventText(screen);
  text += HeapText(screen);
  if (screen.times > 1) {
    text += fmt::format("reproduced  {} of {}\n", screen.findings, screen.times);
  }
  return text + FolderText(screen.finding) + CommandsText(screen);
}

}  // namespace slabhound::cli
