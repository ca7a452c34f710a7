// A file of lines that never grows beyond a bound: then it becomes PATH.1, what was PATH.1 becomes
// PATH.2 and so on, as many as are kept.
//
// 1. A line is in one file, and whole; after a write that failed the file is as before.
// 2. What an earlier process wrote is gone on with.
// 3. A line is lost where it cannot be written, on a full disk say; the next one is tried again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/result.h"

namespace slabhound::upkeep {

struct Rotation {
  uint64_t bytes_max = 10u << 20;
  uint32_t kept = 5;  // files beside the one that is written
};

class RotatedFile {
 public:
  static Result<RotatedFile, FileError> Open(const std::string& path, const Rotation& rotation);

  // False: it is lost, and errno says why.
  bool Write(std::string_view line);

 private:
  RotatedFile(std::string path, const Rotation& rotation)
      : path_(std::move(path)), rotation_(rotation) {}
  bool Reopen();
  void Rotate();

  std::string path_;
  Rotation rotation_;
  Descriptor file_;
  uint64_t bytes_ = 0;
};

}  // namespace slabhound::upkeep
