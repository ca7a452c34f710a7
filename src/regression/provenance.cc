#include "regression/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "regression/reproduce.h"

namespace slabhound::regression {

std::string HeaderOf(const Provenance& provenance,
                     const std::optional<engine::EngineSpec>& fails_on) {
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
  if (fails_on) {
    lines.push_back("           " +
                    WastCommand(provenance.script_file, engine::EngineText(*fails_on)));
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
