// One campaign at a time runs in a folder: campaign.lock, held as long as its supervisor lives.
//
// A child that is forked does not hold it: the end of the supervisor is the end of the lock.
#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/result.h"

namespace slabhound::ledger {

class RunLock {
 public:
  // The error names the process that holds it.
  static Result<RunLock, FileError> Take(const std::string& folder);

 private:
  explicit RunLock(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace slabhound::ledger
