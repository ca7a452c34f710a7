// The live screen as lines: of how a campaign stands, and what it told last. Pure: what the
// terminal is, and when it is drawn, is terminal.h's.
//
// 1. No line is wider than the size says, and there are no more lines than it says.
// 2. Where all does not fit, each section gets its share of lines and says how many are left out.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "campaign/news.h"
#include "campaign/status.h"
#include "screen/line.h"

namespace slabhound::screen {

struct Size {
  size_t width = 80, height = 24;
};

struct Title {
  std::string out;  // the folder of findings
  uint64_t seed = 0;
};

// `news` has the last first.
std::vector<Line> Picture(const Title& title, const campaign::Status& status,
                          const std::deque<campaign::Event>& news, const Size& size);

}  // namespace slabhound::screen
