#include "campaign/interrupts.h"

#include <unistd.h>

namespace slabhound::campaign {
namespace {

volatile std::sig_atomic_t g_interrupts = 0;

extern "C" void OnInterrupt(int) {
  g_interrupts = g_interrupts + 1;
  // Jobs die with their supervisor.
  if (g_interrupts > 1) _exit(130);
}

}  // namespace

Interrupts::Interrupts() {
  g_interrupts = 0;
  struct sigaction count{}, ignore{};
  count.sa_handler = OnInterrupt;
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGINT, &count, &old_[0]);
  sigaction(SIGTERM, &count, &old_[1]);
  sigaction(SIGPIPE, &ignore, &old_[2]);
}

Interrupts::~Interrupts() {
  sigaction(SIGINT, &old_[0], nullptr);
  sigaction(SIGTERM, &old_[1], nullptr);
  sigaction(SIGPIPE, &old_[2], nullptr);
}

bool Interrupts::Any() { return g_interrupts > 0; }

}  // namespace slabhound::campaign
