// A finding run once more by `slabhound repro`, for its story and the picture of its heaps.
//
// 1. It runs in a child, one at a time, for at most kSeconds and with at most kBytesMax of memory;
//    what it does to the folder is what that command does: heap.svg.
// 2. What it said is kept until the server ends.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "page/bug_table.h"
#include "page/request.h"

namespace slabhound::page {

class Retelling {
 public:
  static constexpr int kSeconds = 60;
  static constexpr uint64_t kBytesMax = uint64_t{4} << 30;

  // {"text": …}; of a child that had no time, or ended badly, what it said till then, and that.
  Answer Run(const BugRow& bug);
  // What it said last of that bug; empty: nothing yet.
  std::string Told(const std::string& slug) const;

 private:
  std::mutex running_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> told_;
};

}  // namespace slabhound::page
