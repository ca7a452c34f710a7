#include "ledger/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <utility>

namespace slabhound::ledger {

Result<RunLock, FileError> RunLock::Take(const std::string& folder) {
  const std::string path = folder + "/campaign.lock";
  Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (file.get() < 0) return Fail(FileErrorOf(path, errno));
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (fcntl(file.get(), F_SETLK, &lock) == 0) return RunLock(std::move(file));
  if (errno != EACCES && errno != EAGAIN) return Fail(FileErrorOf(path, errno));
  fcntl(file.get(), F_GETLK, &lock);
  return Fail(FileError{
      fmt::format("{}: process {} runs a campaign here; give it more --jobs, or this one another "
                  "--out",
                  folder, lock.l_pid)});
}

}  // namespace slabhound::ledger
