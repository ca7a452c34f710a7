#include "base/check.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace slabhound {

void CheckFailed(const char* condition, const char* file, int line) {
  const char* slash = std::strrchr(file, '/');
  std::fprintf(stderr, "slabhound: broken invariant: %s (%s:%d)\n", condition,
               slash ? slash + 1 : file, line);
  std::abort();
}

}  // namespace slabhound
