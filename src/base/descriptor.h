// File descriptors that are closed by their owners, pipes, and files in memory. All are closed in a
// program that a child executes.
//
// Reading and writing go on after signals. Where they fail, errno says why.
#pragma once

#include <unistd.h>

#include <span>
#include <string>
#include <utility>

#include "base/bytes.h"

namespace slabhound {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    if (this != &other) other.Close();
    return *this;
  }
  ~Descriptor() { Close(); }

  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read_end, write_end;
  bool Open();
};

bool WriteAll(int fd, ByteSpan bytes);
// The number of bytes before the end of the file; -1: an error.
ssize_t ReadUpTo(int fd, std::span<uint8_t> bytes);
inline bool ReadAll(int fd, std::span<uint8_t> bytes) {
  return ReadUpTo(fd, bytes) == static_cast<ssize_t>(bytes.size());
}

// Empty, to be shared with children; not open: there is no memory.
Descriptor OpenMemoryFile(const char* name);
void EmptyMemoryFile(int fd);
// The last bytes, at most `bytes_max`.
std::string TailOfMemoryFile(int fd, size_t bytes_max);

}  // namespace slabhound
