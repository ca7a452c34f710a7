// Holds a campaign's folder against its bounds of size and age, once a minute: kept originals go as
// upkeep/removal.h says, and each bug keeps its first one.
//
// 1. Where that is not enough it says so once, and the campaign goes on without keeping originals
//    until there is room.
// 2. A file is removed before the database forgets it: a kill between the two is made good by the
//    next look.
#pragma once

#include <string>

#include "base/file.h"
#include "base/result.h"
#include "campaign/logbook.h"
#include "campaign/news.h"
#include "upkeep/removal.h"

namespace slabhound::campaign {

class DiskWatch {
 public:
  // Logbook and news outlive it.
  DiskWatch(std::string folder, const upkeep::FolderLimits& limits, Logbook& logbook, News& news)
      : folder_(std::move(folder)), limits_(limits), logbook_(logbook), news_(news) {}

  Result<void, FileError> Look(double seconds);

 private:
  std::string folder_;
  upkeep::FolderLimits limits_;
  Logbook& logbook_;
  News& news_;
  double next_ = 5;
};

}  // namespace slabhound::campaign
