// What a campaign does when the disk is full: it waits, with one line, until there is room.
//
// Meanwhile its jobs stand still, since nobody takes their reports.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/file.h"
#include "base/result.h"
#include "campaign/news.h"

namespace slabhound::campaign {

class DiskWait {
 public:
  // Asked before each try whether to give up.
  DiskWait(News& news, std::function<bool()> gives_up)
      : news_(news), gives_up_(std::move(gives_up)) {}

  // Writes until it succeeds or fails for another reason. `write` can be called again when it has
  // failed.
  template <typename Write>
  auto Persist(const Write& write) -> decltype(write()) {
    for (bool waits = false;; waits = true) {
      auto written = write();
      if (written) {
        if (waits) news_.Warn("there is room again: the campaign goes on");
        return written;
      }
      if (!written.error().no_room || !Waits(written.error(), waits)) return written;
    }
  }

 private:
  // A while; false: it gives up.
  bool Waits(const FileError& error, bool told);

  News& news_;
  std::function<bool()> gives_up_;
};

// As DiskWait::Persist, with the error as a line; without `wait` a full disk is an error at once.
template <typename Write>
auto Persist(DiskWait* wait, const Write& write)
    -> Result<typename decltype(write())::value_type, std::string> {
  auto written = wait == nullptr ? write() : wait->Persist(write);
  if (!written) return Fail(std::move(written.error().message));
  if constexpr (std::is_void_v<typename decltype(write())::value_type>) {
    return {};
  } else {
    return *std::move(written);
  }
}

}  // namespace slabhound::campaign
