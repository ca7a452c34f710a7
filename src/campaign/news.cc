#include "campaign/news.h"

#include <fmt/format.h>

namespace slabhound::campaign {
namespace {

constexpr const char* kErase = "\r\x1b[K";

}  // namespace

void News::Write(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), log_);
  std::fflush(log_);
}

void News::Say(const std::string& line) {
  if (log_ != nullptr) Write(fmt::format("{}slabhound: {}\n", is_terminal_ ? kErase : "", line));
}

void News::ShowStatus(const Tally& tally, std::span<const BugCounts> bugs, double seconds) {
  next_status_ = seconds + interval();
  const std::string status = StatusText(tally, bugs, seconds);
  Write(is_terminal_ ? kErase + status : status + "\n");
}

void News::EraseStatus() {
  if (log_ != nullptr && is_terminal_) Write(kErase);
}

}  // namespace slabhound::campaign
