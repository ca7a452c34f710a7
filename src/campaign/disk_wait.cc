#include "campaign/disk_wait.h"

#include <fmt/format.h>
#include <poll.h>

namespace slabhound::campaign {

bool DiskWait::Waits(const FileError& error, bool told) {
  constexpr int kPauseMs = 500;
  if (gives_up_()) return false;
  if (!told) {
    news_.Warn(fmt::format("{}: the campaign pauses until there is room", error.message));
  }
  poll(nullptr, 0, kPauseMs);  // a signal ends it early
  return true;
}

}  // namespace slabhound::campaign
