#include "cli/canaries.h"

#include <fmt/format.h>

#include <cstdio>

#include "diff/canary.h"

namespace slabhound::cli {
namespace {

Result<void, std::string> Send(std::span<const engine::EngineSpec> engines, worker::Lab& lab,
                               bool the_dead_pass) {
  std::string failures;
  for (const engine::EngineSpec& engine : engines) {
    const std::string text = engine::EngineText(engine);
    const auto report = diff::SendCanary(engine);
    if (report) {
      if (report->exceptions) continue;
      if (!lab.without_exceptions.insert(engine::ProcessText(engine)).second) continue;
      const std::string line =
          fmt::format("slabhound: {} takes no exceptions: it gets modules without\n", text);
      std::fwrite(line.data(), 1, line.size(), stderr);
    } else if (!report.error().died || !the_dead_pass) {
      failures += fmt::format("{}--engine {}: it cannot be used: {}", failures.empty() ? "" : "; ",
                              text, report.error().text);
    }
  }
  if (failures.empty()) return {};
  return Fail(std::move(failures));
}

}  // namespace

Result<void, std::string> SendCanaries(std::span<const engine::EngineSpec> engines,
                                       worker::Lab& lab) {
  return Send(engines, lab, /*the_dead_pass=*/false);
}

Result<void, std::string> SendCanariesToOwn(std::span<const engine::EngineSpec> engines,
                                            worker::Lab& lab) {
  std::vector<engine::EngineSpec> own;
  for (const engine::EngineSpec& each : engines) {
    const bool is_own =
        each.kind == engine::EngineKind::Worker || each.kind == engine::EngineKind::Command;
    if (is_own) own.push_back(each);
  }
  return Send(own, lab, /*the_dead_pass=*/true);
}

}  // namespace slabhound::cli
