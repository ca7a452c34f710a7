#include "worker/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/check.h"
#include "engine/info.h"
#include "worker/protocol.h"

namespace slabhound::worker {
namespace {

using engine::EngineSpec;

// The same as in scripts/engines.sh.
std::string EnginesFolder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  std::string cache = variable("SLABHOUND_CACHE");
  if (cache.empty()) {
    const std::string base = variable("XDG_CACHE_HOME");
    cache = (base.empty() ? variable("HOME") + "/.cache" : base) + "/slabhound";
  }
  return fmt::format("{}/engines-{}", cache, kProtocolVersion);
}

// A worker that is built with slabhound stands beside it.
std::string BesideThisProgram(std::string_view engine) {
  std::error_code ignored;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path() / fmt::format("slabhound-{}", engine)).string();
}

bool CanRun(const std::string& path) { return access(path.c_str(), X_OK) == 0; }

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    if (space != 0) words.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

// What the environment of a user calls the engine: its folder, and the argument of engines.sh.
std::string FolderName(const EngineSpec& spec) { return engine::EngineText(engine::Bare(spec)); }

}  // namespace

Result<std::vector<std::string>, std::string> WorkerCommand(const EngineSpec& spec) {
  CHECK(!engine::InProcess(spec));
  if (spec.kind == engine::EngineKind::Command) return Fail(std::string("command: has no worker"));
  if (spec.kind == engine::EngineKind::Worker) {
    std::vector<std::string> command = Words(spec.command);
    if (command.empty()) return Fail(std::string("worker: needs a command line behind the colon"));
    return command;
  }
  const std::string name = FolderName(spec);
  if (spec.version == "all") return Fail(fmt::format("{}: which one? It stands for many", name));
  std::string path = BesideThisProgram(name);
  if (!CanRun(path)) path = fmt::format("{}/{}/worker", EnginesFolder(), name);
  if (!CanRun(path)) {
    std::string versions;
    for (const EngineSpec& installed : InstalledEngines()) {
      if (spec.version.empty() && installed.kind == spec.kind) {
        versions += " " + FolderName(installed);
      }
    }
    if (!versions.empty()) return Fail(fmt::format("{}: which release?{}", name, versions));
    return Fail(fmt::format("{}: not installed; scripts/engines.sh {} does that", name, name));
  }
  std::vector<std::string> command = {path};
  for (const engine::EngineOption& option : spec.options) {
    command.push_back(fmt::format("{}{}{}{}", engine::InfoOf(spec.kind).option_prefix,
                                  engine::EngineOptions()[option.row].name,
                                  option.value.empty() ? "" : "=", option.value));
  }
  return command;
}

std::vector<EngineSpec> InstalledEngines() {
  std::vector<EngineSpec> engines;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(EnginesFolder(), ignored)) {
    auto spec = engine::ParseEngine(entry.path().filename().string());
    if (spec && !engine::InProcess(*spec) && CanRun((entry.path() / "worker").string())) {
      engines.push_back(*std::move(spec));
    }
  }
  for (const engine::ProcessEngineInfo& info : engine::ProcessEngines()) {
    if (CanRun(BesideThisProgram(info.text))) engines.push_back({.kind = info.kind});
  }
  std::ranges::sort(engines, {}, FolderName);
  return engines;
}

}  // namespace slabhound::worker
