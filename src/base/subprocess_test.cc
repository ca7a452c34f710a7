#include "base/subprocess.h"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace slabhound {
namespace {

using std::chrono::milliseconds;

Subprocess Shell(std::string script, SubprocessOptions options = {}) {
  options.command = {"sh", "-c", std::move(script)};
  auto child = Subprocess::Start(options);
  EXPECT_TRUE(child.has_value()) << child.error();
  return *std::move(child);
}
Deadline Soon() { return DeadlineIn(milliseconds(10'000)); }
Deadline Now() { return DeadlineIn(milliseconds(50)); }

std::string ReadText(Subprocess& child, size_t count) {
  Bytes content(count);
  return child.Read(content, Soon()) ? std::string(AsText(content)) : "failed";
}

TEST(Subprocess, WhatIsWrittenComesBack) {
  Subprocess child = Shell("cat");
  ASSERT_TRUE(child.Write(AsBytes("hello"), Soon()).has_value());
  EXPECT_EQ(ReadText(child, 5), "hello");
  const Bytes large(50'000, 'x');
  Bytes back(large.size());
  for (int i = 0; i < 10; ++i) {  // more in all than pipes hold
    ASSERT_TRUE(child.Write(large, Soon()).has_value());
    ASSERT_TRUE(child.Read(back, Soon()).has_value());
    EXPECT_EQ(back, large);
  }
  child.CloseInput();
  const auto status = child.Wait(Soon());
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(status->code, 0);
  EXPECT_EQ(status->signal, 0);
}

TEST(Subprocess, AProgramThatIsNotThereIsOneLine) {
  const auto child = Subprocess::Start({.command = {"/no/such/program"}});
  ASSERT_FALSE(child.has_value());
  EXPECT_EQ(child.error(), "/no/such/program: No such file or directory");
}

TEST(Subprocess, ExitCodesAndSignalsAreToldApart) {
  EXPECT_EQ(Shell("exit 7").Wait(Soon())->code, 7);
  EXPECT_EQ(Shell("kill -SEGV $$").Wait(Soon())->signal, SIGSEGV);
  EXPECT_EQ(Shell("sleep 60").Kill().signal, SIGKILL);
  Subprocess ended = Shell("exit 3");
  Bytes none(1);
  EXPECT_EQ(ended.Read(none, Soon()).error(), PipeFailure::Closed);
  ended.Wait(Soon());
  EXPECT_EQ(ended.Kill().code, 3);  // its own end, not ours
}

TEST(Subprocess, AHangMeetsTheDeadline) {
  Subprocess child = Shell("sleep 60");
  Bytes content(1);
  EXPECT_EQ(child.Read(content, Now()).error(), PipeFailure::Timeout);
  EXPECT_EQ(child.Write(Bytes(1 << 20), Now()).error(), PipeFailure::Timeout);
  EXPECT_FALSE(child.Wait(Now()).has_value());
}

TEST(Subprocess, AFloodOfErrorsIsBoundedAndBlocksNothing) {
  Subprocess child = Shell("head -c 3000000 /dev/zero | tr '\\0' e >&2; printf last >&2; echo done",
                           {.stderr_bytes_max = 1000});
  EXPECT_EQ(ReadText(child, 4), "done");
  child.Wait(Soon());
  EXPECT_EQ(child.Errors().size(), 1000u);
  EXPECT_TRUE(child.Errors().ends_with("eelast"));
  Subprocess endless = Shell("while :; do echo flood >&2; done");
  Bytes content(1);
  EXPECT_EQ(endless.Read(content, Now()).error(), PipeFailure::Timeout);
}

TEST(Subprocess, ADescendantThatHoldsThePipesHidesNoDeathAndIsKilled) {
  Subprocess child = Shell("sleep 60 & echo $!; exit 4");
  std::string number;
  for (std::string byte; (byte = ReadText(child, 1)) != "\n";) {
    ASSERT_NE(byte, "failed");
    number += byte;
  }
  Bytes content(1);
  EXPECT_EQ(child.Read(content, Soon()).error(), PipeFailure::Closed);
  EXPECT_EQ(child.Wait(Soon())->code, 4);
  const pid_t descendant = static_cast<pid_t>(std::stol(number));
  // Gone, or waiting for whoever adopted it to look.
  for (int i = 0; i < 100 && kill(descendant, 0) == 0; ++i) {
    std::string state(256, '\0');
    FILE* file = fopen(("/proc/" + number + "/stat").c_str(), "r");
    if (file == nullptr) break;
    state.resize(fread(state.data(), 1, state.size(), file));
    fclose(file);
    if (state.find(") Z ") != std::string::npos) return;
    std::this_thread::sleep_for(milliseconds(20));
  }
  EXPECT_NE(kill(descendant, 0), 0);
}

TEST(Subprocess, WritingToADeadChildIsAValue) {
  Subprocess child = Shell("exec <&-; exit 0");
  child.Wait(Soon());
  EXPECT_EQ(child.Write(Bytes(1 << 20), Soon()).error(), PipeFailure::Closed);
}

TEST(Subprocess, WhatADeadChildWroteIsRead) {
  Subprocess child = Shell("printf farewell");
  child.Wait(Soon());
  EXPECT_EQ(ReadText(child, 8), "farewell");
  EXPECT_EQ(ReadText(child, 1), "failed");
}

TEST(Subprocess, EnvironmentAndDataLimitHold) {
  Subprocess child = Shell("printf \"$HOUND\"; ulimit -d",
                           {.environment = {"HOUND=slab"}, .data_bytes_max = 64u << 20});
  EXPECT_EQ(ReadText(child, 10), "slab65536\n");
}

}  // namespace
}  // namespace slabhound
