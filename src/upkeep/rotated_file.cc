#include "upkeep/rotated_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace slabhound::upkeep {

Result<RotatedFile, FileError> RotatedFile::Open(const std::string& path,
                                                 const Rotation& rotation) {
  RotatedFile file(path, rotation);
  if (!file.Reopen()) return Fail(FileError{fmt::format("{}: {}", path, std::strerror(errno))});
  return file;
}

bool RotatedFile::Reopen() {
  constexpr mode_t kMode = 0644;
  file_ = Descriptor(open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kMode));
  struct stat now{};
  if (!file_.is_open() || fstat(file_.get(), &now) != 0) return false;
  bytes_ = static_cast<uint64_t>(now.st_size);
  return true;
}

// A file that cannot be renamed is written over: the bound is what counts.
void RotatedFile::Rotate() {
  file_.Close();
  for (uint32_t i = rotation_.kept; i > 0; --i) {
    const std::string from = i == 1 ? path_ : fmt::format("{}.{}", path_, i - 1);
    std::rename(from.c_str(), fmt::format("{}.{}", path_, i).c_str());
  }
  std::remove(path_.c_str());
}

bool RotatedFile::Write(std::string_view line) {
  std::string text(line);
  text += '\n';
  if (file_.is_open() && bytes_ > 0 && bytes_ + text.size() > rotation_.bytes_max) Rotate();
  if (!file_.is_open() && !Reopen()) return false;
  if (!WriteAll(file_.get(), AsBytes(text))) {
    const int error = errno;
    if (ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) file_.Close();
    errno = error;
    return false;
  }
  bytes_ += text.size();
  return true;
}

}  // namespace slabhound::upkeep
