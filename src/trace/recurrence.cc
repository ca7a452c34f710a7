#include "trace/recurrence.h"

namespace slabhound::trace {

std::string_view Recurrence::Text() const {
  if (!history.empty()) return kAfterOthers;
  if (seen == tries) return {};
  return seen == 0 ? "not reproduced" : kNotEveryTime;
}

}  // namespace slabhound::trace
