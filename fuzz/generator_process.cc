#include "fuzz/generator_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>

#include "base/check.h"
#include "gen/seeds.h"

// Of the sanitizers' runtime, where there is one.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace slabhound::fuzz {
namespace {

constexpr int kOursStatus = 99;  // the child found a bug in code of ours
constexpr uint32_t kModuleBytesMax = 64u << 20;
constexpr size_t kLogBytesMax = 64u << 10;

struct Request {
  uint32_t input_bytes = 0;
  int32_t template_index = -1;
  gen::BinaryenParameters parameters;
};
static_assert(std::is_trivially_copyable_v<Request>);

bool ReadAll(int file, void* data, size_t size) {
  auto* at = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t got = read(file, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

bool WriteAll(int file, const void* data, size_t size) {
  const auto* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t put = write(file, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    size -= static_cast<size_t>(put);
  }
  return true;
}

[[noreturn]] void Serve(int requests, int answers) {
  Request request;
  while (ReadAll(requests, &request, sizeof request)) {
    gen::Recipe recipe;
    recipe.template_index = request.template_index;
    recipe.parameters = request.parameters;
    recipe.input.resize(request.input_bytes);
    if (!ReadAll(requests, recipe.input.data(), recipe.input.size())) break;
    const Bytes module = gen::Generate(recipe);
    const auto size = static_cast<uint32_t>(module.size());
    if (!WriteAll(answers, &size, sizeof size)) break;
    if (!WriteAll(answers, module.data(), module.size())) break;
    // Warnings of Binaryen's are no news.
    if (lseek(STDERR_FILENO, 0, SEEK_CUR) > static_cast<off_t>(kLogBytesMax) / 2) {
      if (ftruncate(STDERR_FILENO, 0) == 0) lseek(STDERR_FILENO, 0, SEEK_SET);
    }
  }
  _exit(0);
}

}  // namespace

GeneratorProcess::~GeneratorProcess() {
  if (child_ != 0) Stop(/*kill_it=*/false);
}

void GeneratorProcess::Start() {
  (void)gen::Seeds();  // made once, here, for all children
  int requests[2], answers[2];
  CHECK(pipe2(requests, O_CLOEXEC) == 0 && pipe2(answers, O_CLOEXEC) == 0);
  log_ = memfd_create("generator-log", MFD_CLOEXEC);
  CHECK(log_ >= 0);
  const pid_t parent = getpid();
  child_ = fork();
  CHECK(child_ >= 0);
  if (child_ == 0) {
    // The fuzzer's handlers would report Binaryen's abort as a crash of ours.
    for (const int number : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM, SIGINT, SIGALRM,
                             SIGXFSZ, SIGUSR1, SIGUSR2}) {
      std::signal(number, SIG_DFL);
    }
    if (__sanitizer_set_death_callback != nullptr) {
      __sanitizer_set_death_callback([] { _exit(kOursStatus); });
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(0);
    dup2(log_, STDERR_FILENO);
    close(requests[1]);
    close(answers[0]);
    Serve(requests[0], answers[1]);
  }
  close(requests[0]);
  close(answers[1]);
  to_child_ = requests[1];
  from_child_ = answers[0];
  generated_ = 0;
}

int GeneratorProcess::Stop(bool kill_it) {
  if (kill_it) kill(child_, SIGKILL);
  close(to_child_);
  close(from_child_);
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) continue;
  child_ = 0;
  if (!kill_it && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
    std::string log(kLogBytesMax, '\0');
    const ssize_t size = pread(log_, log.data(), log.size(), 0);
    log.resize(size > 0 ? static_cast<size_t>(size) : 0);
    const bool ours = (WIFEXITED(status) && WEXITSTATUS(status) == kOursStatus) ||
                      log.find("slabhound: broken invariant") != std::string::npos;
    if (ours) {
      fmt::print(stderr, "fuzz: code of ours failed in the generator's process\n{}\n", log);
      std::abort();
    }
    while (log.ends_with('\n')) log.pop_back();
    fmt::print(stderr, "fuzz: Binaryen died on this input (status {:#x}); it is skipped: {}\n",
               status, log.substr(log.rfind('\n') + 1));
  }
  close(log_);
  return status;
}

std::optional<Bytes> GeneratorProcess::Failed(bool kill_it) {
  if (kill_it) fmt::print(stderr, "fuzz: Binaryen hangs on this input; it is skipped\n");
  Stop(kill_it);
  return std::nullopt;
}

std::optional<Bytes> GeneratorProcess::Generate(const gen::Recipe& recipe) {
  if (child_ != 0 && generated_ == kModulesPerProcess) Stop(/*kill_it=*/false);
  if (child_ == 0) Start();
  ++generated_;
  const Request request{static_cast<uint32_t>(recipe.input.size()), recipe.template_index,
                        recipe.parameters};
  if (!WriteAll(to_child_, &request, sizeof request) ||
      !WriteAll(to_child_, recipe.input.data(), recipe.input.size())) {
    return Failed(/*kill_it=*/false);
  }
  pollfd waiting{from_child_, POLLIN, 0};
  int ready = 0;
  while ((ready = poll(&waiting, 1, kGenerateSeconds * 1000)) < 0 && errno == EINTR) continue;
  if (ready == 0) return Failed(/*kill_it=*/true);
  uint32_t size = 0;
  if (!ReadAll(from_child_, &size, sizeof size)) return Failed(/*kill_it=*/false);
  CHECK(size <= kModuleBytesMax);
  Bytes module(size);
  if (!ReadAll(from_child_, module.data(), size)) return Failed(/*kill_it=*/false);
  return module;
}

}  // namespace slabhound::fuzz
