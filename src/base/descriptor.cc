#include "base/descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace slabhound {

bool Pipe::Open() {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  read_end = Descriptor(ends[0]);
  write_end = Descriptor(ends[1]);
  return true;
}

bool WriteAll(int fd, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(put));
  }
  return true;
}

ssize_t ReadUpTo(int fd, std::span<uint8_t> bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(fd, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

Descriptor OpenMemoryFile(const char* name) { return Descriptor(memfd_create(name, MFD_CLOEXEC)); }

void EmptyMemoryFile(int fd) {
  if (ftruncate(fd, 0) == 0) lseek(fd, 0, SEEK_SET);
}

std::string TailOfMemoryFile(int fd, size_t bytes_max) {
  struct stat status{};
  if (fstat(fd, &status) != 0) return {};
  std::string text(std::min(static_cast<size_t>(status.st_size), bytes_max), '\0');
  const ssize_t got =
      pread(fd, text.data(), text.size(), status.st_size - static_cast<off_t>(text.size()));
  text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

}  // namespace slabhound
