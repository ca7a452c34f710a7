#include "cli/all_releases.h"

#include <fmt/format.h>

#include <algorithm>

#include "diff/releases.h"
#include "worker/command.h"

namespace slabhound::cli {
namespace {

std::vector<engine::EngineSpec> PinnedReleases() {
  std::vector<engine::EngineSpec> releases;
  for (std::string_view left = SLABHOUND_PINNED_ENGINES; !left.empty();) {
    const std::string_view name = left.substr(0, left.find(' '));
    releases.push_back(engine::ParseEngine(name).value());
    left.remove_prefix(std::min(name.size() + 1, left.size()));
  }
  return releases;
}

}  // namespace

Result<std::vector<engine::EngineSpec>, std::string> ExpandReleases(
    const engine::EngineSpec& engine) {
  if (engine.version != "all") return std::vector{engine};
  const std::vector<engine::EngineSpec> installed = worker::InstalledEngines();
  std::string missing;
  for (const engine::EngineSpec& release : PinnedReleases()) {
    if (release.kind == engine.kind && std::ranges::count(installed, release) == 0) {
      missing += " " + engine::EngineText(release);
    }
  }
  if (!missing.empty()) {
    fmt::print(stderr, "slabhound: SKIPPED, not installed:{} (scripts/engines.sh{})\n", missing,
               missing);
  }
  std::vector<engine::EngineSpec> releases;
  for (const engine::EngineSpec& each : installed) {
    if (each.kind != engine.kind || each.version.empty()) continue;
    releases.push_back(engine);
    releases.back().version = each.version;
  }
  if (releases.empty()) {
    return Fail(fmt::format("no release is installed; scripts/engines.sh {} does that",
                            engine::EngineText(engine::Bare(engine))));
  }
  diff::SortByRelease(releases);
  return releases;
}

}  // namespace slabhound::cli
