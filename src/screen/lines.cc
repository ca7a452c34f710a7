#include "screen/lines.h"

namespace slabhound::screen {

void Lines::Tell(const campaign::Event& event) {
  using campaign::EventKind;
  const bool is_quiet = event.kind == EventKind::Finding || event.kind == EventKind::Warning ||
                        event.kind == EventKind::Regression;
  if (is_quiet || volume_ == Volume::All) write_("slabhound: " + event.line);
}

void Lines::Show(const campaign::Status& status) {
  next_ = status.seconds + kInterval;
  write_(campaign::StatusText(status.tally, status.bugs, status.overall_rate()));
}

}  // namespace slabhound::screen
