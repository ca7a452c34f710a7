#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/descriptor.h"

namespace slabhound {
namespace {

std::unexpected<FileError> Failed(const std::string& path, int error) {
  return Fail(FileErrorOf(path, error));
}

}  // namespace

FileError FileErrorOf(const std::string& path, int error) {
  return {fmt::format("{}: {}", path, std::strerror(error)), error == ENOSPC || error == EDQUOT};
}

Result<Bytes, FileError> ReadFile(const std::string& path, size_t bytes_max) {
  // O_NONBLOCK: opening a FIFO without a writer must not hang.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return Failed(path, errno);
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return Failed(path, errno);
  if (S_ISDIR(status.st_mode)) return Failed(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return Fail(FileError{fmt::format("{}: not a regular file", path)});
  if (static_cast<size_t>(status.st_size) > bytes_max) {
    return Fail(FileError{
        fmt::format("{}: {} bytes, more than the limit of {}", path, status.st_size, bytes_max)});
  }
  Bytes content(static_cast<size_t>(status.st_size));
  const ssize_t size = ReadUpTo(file.get(), content);
  if (size < 0) return Failed(path, errno);
  content.resize(static_cast<size_t>(size));
  return content;
}

Result<void, FileError> WriteFile(const std::string& path, ByteSpan content) {
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  {
    const Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) return Failed(path, errno);
    if (!WriteAll(file.get(), content)) {
      const int error = errno;
      unlink(temporary.c_str());
      return Failed(path, error);
    }
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(temporary.c_str());
    return Failed(path, error);
  }
  return {};
}

Result<void, FileError> MakeFolder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Failed(path, error.value());
  return {};
}

Result<void, FileError> SyncFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || fsync(file.get()) != 0) return Failed(path, errno);
  return {};
}

}  // namespace slabhound
