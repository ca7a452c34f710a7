// A terminal that is drawn on as a whole.
//
// 1. From Open on it shows its alternate screen, without a cursor; from Leave, or the destructor,
//    on it is as before.
// 2. Whatever ends this process without that, a crash or SIGKILL too, a child of it does the same.
// 3. Meanwhile stderr goes to a file in memory, so that nothing is written across the screen; the
//    end of it comes on the terminal once that is as before.
// 4. Ctrl-Z leaves it, and `fg` comes back to it.
// 5. A terminal that takes nothing, as behind Ctrl-S, is passed over: drawing never waits.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/child.h"
#include "base/descriptor.h"
#include "screen/line.h"
#include "screen/picture.h"

namespace slabhound::screen {

// Whether stderr is a terminal on which lines can be rewritten (TERM is not dumb).
bool IsLive();
// Unless the environment says NO_COLOR.
bool WantsColour();

class Terminal {
 public:
  // On stderr. Null: that is not live. One at a time.
  static std::unique_ptr<Terminal> Open();
  ~Terminal() { Leave(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  Size size() const;
  void Draw(const std::vector<Line>& picture);
  void Leave();
  bool has_left() const { return left_; }

 private:
  Terminal() = default;
  void Write(bool wait);

  Descriptor tty_, before_, errors_;  // `before_`: stderr as it was
  Child guardian_;
  std::string to_write_;
  bool colour_ = true, left_ = false;
};

}  // namespace slabhound::screen
