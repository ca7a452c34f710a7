#include "minimizer/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "minimizer/reproduce.h"

namespace slabhound::minimizer {

std::optional<diff::EngineSpec> ScriptEngine(const diff::EngineSpec& suspect) {
  if (diff::InProcess(suspect) || suspect.kind == diff::EngineKind::Worker) return suspect;
  if (suspect.kind == diff::EngineKind::Command) return std::nullopt;
  diff::EngineSpec engine = suspect;
  if (diff::InfoOf(engine.kind).gc_max == 0 || std::ranges::count(engine.options, "gc=none") > 0) {
    return engine;
  }
  std::erase_if(engine.options, [](const std::string& option) {
    return option.starts_with("gc=") || option.starts_with("points=") ||
           option.starts_with("seed=");
  });
  engine.options.emplace_back("gc=full");
  engine.options.emplace_back("points=1");
  return engine;
}

std::string HeaderOf(const Provenance& provenance) {
  const Keep& keep = provenance.keep;
  std::vector<std::string> engines;
  for (const diff::EngineSpec& engine : keep.engines) engines.push_back(diff::EngineText(engine));
  std::vector<std::string> lines = {
      "Written by slabhound; the assertions are the oracle's.",
      "signature  " + keep.signature,
      "suspect    " + diff::EngineText(keep.suspect),
      fmt::format("engines    {}", fmt::join(engines, " ")),
      "reproduce  " + ReproCommand(provenance.case_file, engines),
  };
  if (const auto engine = ScriptEngine(keep.suspect)) {
    lines.push_back("           " + WastCommand(provenance.script_file, diff::EngineText(*engine)));
  }
  if (keep.suspect.slab.fault != heap::Fault::None) {
    lines.emplace_back("           with the faulty build: its fault is injected");
  }
  std::string header;
  for (std::string& line : lines) {
    // A line break would end the comment.
    std::ranges::replace_if(line, [](char c) { return static_cast<uint8_t>(c) < 0x20; }, ' ');
    header += ";; " + line + "\n";
  }
  return header + "\n";
}

}  // namespace slabhound::minimizer
