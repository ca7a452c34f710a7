#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace slabhound {
namespace {

std::unexpected<FileError> Failed(const std::string& path, int error) {
  return Fail(FileError{fmt::format("{}: {}", path, std::strerror(error))});
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<Bytes, FileError> ReadFile(const std::string& path, size_t bytes_max) {
  // O_NONBLOCK: opening a FIFO without a writer must not hang.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
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
  size_t done = 0;
  while (done < content.size()) {
    const ssize_t count = read(file.get(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failed(path, errno);
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  content.resize(done);
  return content;
}

Result<void, FileError> WriteFile(const std::string& path, ByteSpan content) {
  const std::string temporary = fmt::format("{}.{}.part", path, getpid());
  {
    Descriptor file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) return Failed(path, errno);
    size_t done = 0;
    while (done < content.size()) {
      const ssize_t count = write(file.get(), content.data() + done, content.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const int error = errno;
        unlink(temporary.c_str());
        return Failed(path, error);
      }
      done += static_cast<size_t>(count);
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
  if (error) return Fail(FileError{fmt::format("{}: {}", path, error.message())});
  return {};
}

}  // namespace slabhound
