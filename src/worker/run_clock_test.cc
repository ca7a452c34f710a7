#include "worker/run_clock.h"

#include <gtest/gtest.h>

#include <string>

#include "base/subprocess.h"

namespace slabhound::worker {
namespace {

using std::chrono::milliseconds;

// What the last look at the shell command says.
RunState Watch(const std::string& script, milliseconds time) {
  auto started = Subprocess::Start({.command = {"/bin/sh", "-c", script}, .environment = {}});
  EXPECT_TRUE(started.has_value());
  RunClock clock(started->pid(), time);
  RunState state = RunState::Going;
  while (state == RunState::Going && !started->Wait(clock.next())) state = clock.Look();
  return state;
}

TEST(RunClock, WhatSpendsIsOverAndWhatDoesNotIsStuck) {
  EXPECT_EQ(Watch("while :; do :; done", milliseconds(200)), RunState::Over);
  EXPECT_EQ(Watch("sleep 60", milliseconds(200)), RunState::Stuck);
  EXPECT_EQ(Watch("sleep 0.1", milliseconds(2'000)), RunState::Going);
}

}  // namespace
}  // namespace slabhound::worker
