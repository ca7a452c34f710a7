// A child process with pipes to its three standard streams, for work that may crash, hang or flood.
//
// 1. The child leads a process group of its own. Kill, and the destructor, kill the whole group,
//    and what has left the group (orphans.h); the child dies with the thread that started it.
// 2. Reading and writing have a deadline and never block beyond it, whatever the child does; all
//    the while its stderr is read and its last `stderr_bytes_max` bytes are kept.
// 3. A child that died is noticed even when a descendant of it holds the pipes open; what it wrote
//    before it died is still read.
// 4. Writing to a dead child is a value, not a signal: the first Start makes this process ignore
//    SIGPIPE. Children start with default signals, no other open files, and the given data limit.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/child.h"
#include "base/result.h"

namespace slabhound {

struct SubprocessOptions {
  std::vector<std::string> command = {};      // the program, searched in PATH, and its arguments
  std::vector<std::string> environment = {};  // NAME=value, on top of this process's own
  uint64_t data_bytes_max = 0;                // RLIMIT_DATA; 0: as this process has it
  size_t stderr_bytes_max = 16u << 10;
};

enum class PipeFailure : uint8_t {
  Closed,   // the child died or closed the stream
  Timeout,  // the deadline passed
};

// The text as one word of the shell.
std::string ShellQuoted(std::string_view text);

class Subprocess {
 public:
  // The error is one line. A program that cannot be run is one too.
  static Result<Subprocess, std::string> Start(const SubprocessOptions& options);

  Result<void, PipeFailure> Write(ByteSpan content, Deadline deadline);
  // Waits until there is something to read, or nothing more will come; false: the deadline passed.
  bool AwaitOutput(Deadline deadline);
  // Fills the whole span.
  Result<void, PipeFailure> Read(std::span<uint8_t> content, Deadline deadline);
  void CloseInput();

  // Waits for the child's own end; nothing when the deadline passed first.
  std::optional<ExitStatus> Wait(Deadline deadline);
  // Kills the group and waits; the status is that of the child if it had ended by itself before.
  ExitStatus Kill();

  // The last bytes of stderr that were there until now.
  const std::string& Errors();
  pid_t pid() const { return child_.pid(); }

 private:
  Subprocess() = default;
  void DrainErrors();
  // Waits until fd is ready for `events`, or the child has ended (true then too), or the deadline.
  bool Await(int fd, short events, Deadline deadline, bool* ended);
  // What there is of the child's output, read ahead or at once: as read(2) says.
  ssize_t ReadSome(std::span<uint8_t> content);

  Descriptor input_, output_, errors_;
  Child child_;
  std::vector<uint8_t> ahead_;  // of its output: read, and from ahead_at_ not yet asked for
  size_t ahead_at_ = 0, ahead_end_ = 0;
  std::string stderr_;
  size_t stderr_bytes_max_ = 0;
};

}  // namespace slabhound
