#include "screen/desk.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>

#include "screen/lines.h"
#include "screen/live.h"
#include "screen/on_finding.h"
#include "screen/stats.h"

namespace slabhound::screen {
namespace {

void WriteToStderr(const std::string& line) {
  const std::string text = line + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

// "2026-11-29T02:20:18Z".
std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace

Result<std::unique_ptr<Desk>, std::string> MakeDesk(const DeskOptions& options) {
  auto desk = std::make_unique<Desk>();
  std::shared_ptr<upkeep::RotatedFile> log;
  if (!options.log.empty()) {
    auto file = upkeep::RotatedFile::Open(options.log, options.rotation);
    if (!file) return Fail(std::move(file.error().message));
    log = std::make_shared<upkeep::RotatedFile>(*std::move(file));
    desk->Add(std::make_unique<Lines>(
        [log](const std::string& line) { log->Write(Now() + " " + line); }));
  }
  if (!options.stats.empty()) {
    auto file = upkeep::RotatedFile::Open(options.stats, options.rotation);
    if (!file) return Fail(std::move(file.error().message));
    desk->Add(std::make_unique<Stats>(*std::move(file)));
  }
  auto terminal = options.quiet ? nullptr : Terminal::Open();
  if (terminal != nullptr) {
    desk->Add(std::make_unique<Live>(std::move(terminal), options.title));
  } else {
    desk->Add(std::make_unique<Lines>(WriteToStderr, options.quiet ? Volume::Quiet : Volume::All));
  }
  if (!options.on_finding.empty()) {
    desk->Add(std::make_unique<OnFinding>(options.on_finding, options.title, *desk));
  }
  return desk;
}

}  // namespace slabhound::screen
