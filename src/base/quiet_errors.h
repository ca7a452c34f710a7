// While it lives, what this process writes to stderr goes nowhere: for code of others that warns
// of what is no matter here.
#pragma once

#include <fcntl.h>
#include <unistd.h>

namespace slabhound {

class QuietErrors {
 public:
  QuietErrors() : errors_(dup(STDERR_FILENO)), nothing_(open("/dev/null", O_WRONLY | O_CLOEXEC)) {
    dup2(nothing_, STDERR_FILENO);
  }
  ~QuietErrors() {
    dup2(errors_, STDERR_FILENO);
    close(errors_);
    close(nothing_);
  }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  int errors_, nothing_;
};

}  // namespace slabhound
