#include "cli/all_releases.h"

#include <fmt/format.h>

#include <algorithm>

#include "diff/releases.h"
#include "diff/worker_command.h"

namespace slabhound::cli {
namespace {

std::vector<std::string> PinnedReleases() {
  std::vector<std::string> releases;
  for (std::string_view left = SLABHOUND_PINNED_ENGINES; !left.empty();) {
    const std::string_view name = left.substr(0, left.find(' '));
    releases.emplace_back(name);
    left.remove_prefix(std::min(name.size() + 1, left.size()));
  }
  return releases;
}

}  // namespace

Result<std::vector<std::string>, std::string> ExpandReleases(const std::vector<std::string>& texts,
                                                             std::string_view flag) {
  std::vector<std::string> expanded;
  for (const std::string& text : texts) {
    const size_t at = text.find("@all");
    const std::string rest = at == std::string::npos ? "x" : text.substr(at + 4);
    if (!rest.empty() && rest[0] != ':') {
      expanded.push_back(text);
      continue;
    }
    const std::string prefix = text.substr(0, at + 1);
    std::vector<diff::EngineSpec> releases;
    const std::vector<std::string> installed = diff::InstalledEngines();
    for (const std::string& name : installed) {
      const auto engine = diff::ParseEngine(name);
      if (engine && name.starts_with(prefix)) releases.push_back(*engine);
    }
    std::string missing;
    for (const std::string& name : PinnedReleases()) {
      if (name.starts_with(prefix) && std::ranges::count(installed, name) == 0) {
        missing += " " + name;
      }
    }
    if (!missing.empty()) {
      fmt::print(stderr, "slabhound: SKIPPED, not installed:{} (scripts/engines.sh{})\n", missing,
                 missing);
    }
    if (releases.empty()) {
      return Fail(fmt::format("{} {}: no release is installed; scripts/engines.sh {} does that",
                              flag, text, text.substr(0, at + 4)));
    }
    diff::SortByRelease(releases);
    for (const diff::EngineSpec& release : releases) {
      expanded.push_back(diff::EngineText(release) + rest);
    }
  }
  return expanded;
}

}  // namespace slabhound::cli
