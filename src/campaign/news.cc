#include "campaign/news.h"

namespace slabhound::campaign {

std::string_view EventName(EventKind kind) {
  switch (kind) {
    case EventKind::Detail:
      return "detail";
    case EventKind::Warning:
      return "warning";
    case EventKind::Finding:
      return "finding";
    case EventKind::Minimized:
      return "minimized";
    case EventKind::Unminimized:
      return "not minimized";
    case EventKind::Regression:
      return "regression";
  }
  return {};
}

}  // namespace slabhound::campaign
