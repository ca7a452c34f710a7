#include "upkeep/hook.h"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/bytes.h"

namespace slabhound::upkeep {
namespace {

constexpr size_t kSaidBytesMax = 200;

// The last line of it that is not empty.
std::string LastLine(std::string text) {
  text.erase(text.find_last_not_of("\n\r ") + 1);
  return text.substr(text.rfind('\n') + 1);
}

std::string EndText(const ExitStatus& status) {
  return status.signal != 0 ? fmt::format("signal {}", status.signal)
                            : fmt::format("exit code {}", status.code);
}

}  // namespace

void Hook::Give(std::string message) {
  if (waiting_.size() >= limits_.waiting_max) return Failed("too many wait for it");
  waiting_.push_back(std::move(message));
}

void Hook::Failed(const std::string& why) {
  if (++failures_ == 1) {
    to_tell_ = fmt::format("{}: {}; later failures of it are not told", command_, why);
  }
}

void Hook::Start() {
  const std::string message = std::move(waiting_.front());
  waiting_.pop_front();
  const Descriptor input = OpenMemoryFile("message");
  said_ = OpenMemoryFile("said");
  if (!input.is_open() || !said_.is_open() || !WriteAll(input.get(), AsBytes(message)) ||
      lseek(input.get(), 0, SEEK_SET) != 0) {
    return Failed("there is no memory for it");
  }
  constexpr std::array kDefault = {SIGPIPE, SIGINT, SIGTERM, SIGTSTP};
  auto child = Child::Fork({.leads_group = true,
                            .starts_others = true,
                            .errors = said_.get(),
                            .default_signals = kDefault},
                           [&] {
                             constexpr int kNoShell = 127;
                             dup2(input.get(), STDIN_FILENO);
                             dup2(said_.get(), STDOUT_FILENO);
                             execl("/bin/sh", "sh", "-c", command_.c_str(), nullptr);
                             return kNoShell;
                           });
  if (!child) return Failed(std::strerror(child.error()));
  child_ = *std::move(child);
  end_ = Clock::now() + limits_.time;
}

std::optional<std::string> Hook::Tick() {
  if (child_) {
    const bool ended = child_->Ended();
    if (!ended && Clock::now() < end_) return std::exchange(to_tell_, std::nullopt);
    if (!ended) child_->Kill();
    const ExitStatus status = child_->Reap();
    if (!ended) {
      Failed(fmt::format("it took more than {} s",
                         std::chrono::duration<double>(limits_.time).count()));
    } else if (status.code != 0 || status.signal != 0) {
      Failed(fmt::format("{} ({})", EndText(status),
                         LastLine(TailOfMemoryFile(said_.get(), kSaidBytesMax))));
    }
    child_.reset();
  }
  if (!waiting_.empty()) Start();
  return std::exchange(to_tell_, std::nullopt);
}

std::optional<std::string> Hook::Finish(std::chrono::milliseconds time) {
  constexpr auto kPause = std::chrono::milliseconds(20);
  std::optional<std::string> told;
  for (const auto end = Clock::now() + time; !is_idle() && Clock::now() < end;) {
    if (auto line = Tick()) told = std::move(line);
    if (child_) child_->Wait(Clock::now() + kPause);
  }
  if (!is_idle()) Failed(fmt::format("{} messages were not sent", waiting_.size() + 1));
  waiting_.clear();
  child_.reset();
  if (auto line = std::exchange(to_tell_, std::nullopt)) told = std::move(line);
  return told;
}

}  // namespace slabhound::upkeep
