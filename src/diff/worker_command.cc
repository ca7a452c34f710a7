#include "diff/worker_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "base/check.h"
#include "diff/protocol.h"

namespace slabhound::diff {
namespace {

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

// Options that are not the worker's (engine.h, 1).
bool OwnOption(std::string_view option) {
  const std::string_view name = option.substr(0, option.find('='));
  return name == "gc" || name == "points" || name == "seed" || name == "known";
}

}  // namespace

Result<std::vector<std::string>, std::string> WorkerCommand(const EngineSpec& spec) {
  CHECK(!InProcess(spec));
  if (spec.kind == EngineKind::Command) return Fail(std::string("command: has no worker"));
  if (spec.kind == EngineKind::Worker) {
    std::vector<std::string> command;
    for (const std::string& option : spec.options) {
      for (std::string& word : Words(option)) command.push_back(std::move(word));
    }
    if (command.empty()) return Fail(std::string("worker: needs a command line behind the colon"));
    return command;
  }
  const ProcessEngineInfo& info = InfoOf(spec.kind);
  std::string name(info.text);
  if (!spec.version.empty()) name += "@" + spec.version;
  std::string path = BesideThisProgram(name);
  if (!CanRun(path)) path = fmt::format("{}/{}/worker", EnginesFolder(), name);
  if (!CanRun(path)) {
    std::string versions;
    for (const std::string& installed : InstalledEngines()) {
      if (spec.version.empty() && installed.starts_with(name + "@")) versions += " " + installed;
    }
    if (!versions.empty()) return Fail(fmt::format("{}: which release?{}", name, versions));
    return Fail(fmt::format("{}: not installed; scripts/engines.sh {} does that", name, name));
  }
  std::vector<std::string> command = {path};
  for (const std::string& option : spec.options) {
    if (!OwnOption(option)) command.push_back(fmt::format("{}{}", info.option_prefix, option));
  }
  return command;
}

std::vector<std::string> InstalledEngines() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(EnginesFolder(), ignored)) {
    const std::string name = entry.path().filename().string();
    const auto spec = ParseEngine(name);
    if (spec && !InProcess(*spec) && CanRun((entry.path() / "worker").string())) {
      names.push_back(name);
    }
  }
  for (const ProcessEngineInfo& info : ProcessEngines()) {
    if (CanRun(BesideThisProgram(info.text))) names.emplace_back(info.text);
  }
  std::ranges::sort(names);
  return names;
}

bool TakesExceptions(const EngineSpec& spec) {
  if (InProcess(spec)) return true;
  const int since = InfoOf(spec.kind).exceptions_since;
  return since == 0 || std::atoi(spec.version.c_str()) >= since;
}

}  // namespace slabhound::diff
