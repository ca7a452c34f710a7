#include "regression/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "engine/info.h"
#include "regression/reproduce.h"

namespace slabhound::regression {

std::optional<engine::EngineSpec> ScriptEngine(const engine::EngineSpec& suspect) {
  if (engine::InProcess(suspect) || suspect.kind == engine::EngineKind::Worker) return suspect;
  if (suspect.kind == engine::EngineKind::Command) return std::nullopt;
  engine::EngineSpec engine = suspect;
  if (engine::InfoOf(engine.kind).gc_max == 0 || engine.form.gc == engine::Collection::None) {
    return engine;
  }
  engine.form.gc = engine::Collection::Full;
  engine.form.points = 1;
  engine.form.seed.reset();
  return engine;
}

std::string HeaderOf(const Provenance& provenance) {
  std::vector<std::string> engines;
  for (const engine::EngineSpec& engine : provenance.engines)
    engines.push_back(engine::EngineText(engine));
  std::vector<std::string> lines = {
      "Written by slabhound; the assertions are the oracle's.",
      "signature  " + provenance.signature,
      "suspect    " + engine::EngineText(provenance.suspect),
      fmt::format("engines    {}", fmt::join(engines, " ")),
      "reproduce  " + ReproCommand(provenance.case_file, engines),
  };
  if (const auto engine = ScriptEngine(provenance.suspect)) {
    lines.push_back("           " +
                    WastCommand(provenance.script_file, engine::EngineText(*engine)));
  }
  if (provenance.suspect.slab.fault != heap::Fault::None) {
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

}  // namespace slabhound::regression
