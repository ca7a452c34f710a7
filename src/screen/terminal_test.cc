// Goal: whatever ends the process, its terminal is as before, and what it said last is read.
//
// Method: a child draws on a pseudo terminal and ends; this side reads all that came.
#include "screen/terminal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

namespace slabhound::screen {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// All that came on the terminal of a process that drew a line and then did that.
std::string ShownBy(const std::function<void(Terminal&)>& rest) {
  int terminal = -1;
  winsize window{};
  window.ws_col = 40;
  window.ws_row = 10;
  const pid_t leader = forkpty(&terminal, nullptr, nullptr, &window);
  if (leader == 0) {
    // Below a leader of its session, as below a shell: when that ends the terminal is gone.
    if (fork() != 0) {
      wait(nullptr);
      usleep(300'000);
      _exit(0);
    }
    setenv("TERM", "xterm", 1);
    const auto screen = Terminal::Open();
    if (screen == nullptr || screen->size().width != 40) _exit(1);
    screen->Draw({{{"hello"}}});
    std::fputs("an error\n", stderr);
    rest(*screen);
    _exit(0);
  }
  std::string shown;
  std::array<char, 4096> buffer;
  pollfd ready = {terminal, POLLIN, 0};
  // The guardian holds the terminal for as long as it lives.
  while (poll(&ready, 1, 10'000) > 0) {
    const ssize_t count = read(terminal, buffer.data(), buffer.size());
    if (count <= 0) break;
    shown.append(buffer.data(), static_cast<size_t>(count));
  }
  close(terminal);
  waitpid(leader, nullptr, 0);
  return shown;
}

TEST(Terminal, IsAsBeforeWhateverEndsTheProcess) {
  const std::function<void(Terminal&)> ends[] = {
      [](Terminal& screen) { screen.Leave(); }, [](Terminal&) { _exit(130); },
      [](Terminal&) { std::abort(); }, [](Terminal&) { raise(SIGKILL); }};
  for (const auto& end : ends) {
    const std::string shown = ShownBy(end);
    EXPECT_TRUE(shown.starts_with("\x1b[?1049h\x1b[?25l")) << shown;
    EXPECT_THAT(shown, HasSubstr("\x1b[Hhello\x1b[K"));
    EXPECT_THAT(shown, EndsWith("\x1b[?25h\x1b[?1049lan error\r\n"));
  }
}

TEST(Terminal, IsNoneWhereNobodyLooks) {
  // The tests' stderr may be one.
  setenv("TERM", "dumb", 1);
  EXPECT_EQ(Terminal::Open(), nullptr);
}

}  // namespace
}  // namespace slabhound::screen
