#include "fuzz/generator_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <span>
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

// The fuzzer's handlers would report Binaryen's abort as a crash of ours.
constexpr std::array kDefaultSignals = {SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSEGV, SIGTERM,
                                        SIGINT,  SIGALRM, SIGXFSZ, SIGUSR1, SIGUSR2};

template <typename T>
std::span<uint8_t> BytesOf(T& value) {
  return {reinterpret_cast<uint8_t*>(&value), sizeof value};
}

void Serve(int requests, int answers) {
  Request request;
  while (ReadAll(requests, BytesOf(request))) {
    gen::Recipe recipe;
    recipe.template_index = request.template_index;
    recipe.parameters = request.parameters;
    recipe.input.resize(request.input_bytes);
    if (!ReadAll(requests, recipe.input)) break;
    const Bytes module = gen::Generate(recipe);
    auto size = static_cast<uint32_t>(module.size());
    if (!WriteAll(answers, BytesOf(size)) || !WriteAll(answers, module)) break;
    // Warnings of Binaryen's are no news.
    if (lseek(STDERR_FILENO, 0, SEEK_CUR) > static_cast<off_t>(kLogBytesMax) / 2) {
      EmptyMemoryFile(STDERR_FILENO);
    }
  }
}

}  // namespace

GeneratorProcess::~GeneratorProcess() {
  if (child_) Stop(/*kill_it=*/false);
}

void GeneratorProcess::Start() {
  (void)gen::Seeds();  // made once, here, for all children
  Pipe requests, answers;
  CHECK(requests.Open() && answers.Open());
  log_ = OpenMemoryFile("generator-log");
  CHECK(log_.is_open());
  auto child = Child::Fork({.errors = log_.get(), .default_signals = kDefaultSignals}, [&] {
    if (__sanitizer_set_death_callback != nullptr) {
      __sanitizer_set_death_callback([] { _exit(kOursStatus); });
    }
    requests.write_end.Close();
    answers.read_end.Close();
    Serve(requests.read_end.get(), answers.write_end.get());
    return 0;
  });
  CHECK(child.has_value());
  child_ = *std::move(child);
  to_child_ = std::move(requests.write_end);
  from_child_ = std::move(answers.read_end);
  generated_ = 0;
}

void GeneratorProcess::Stop(bool kill_it) {
  if (kill_it) child_->Kill();
  to_child_.Close();
  from_child_.Close();
  const ExitStatus end = child_->Reap();
  child_.reset();
  if (kill_it || (end.code == 0 && end.signal == 0)) return;
  std::string log = TailOfMemoryFile(log_.get(), kLogBytesMax);
  const bool ours =
      end.code == kOursStatus || log.find("slabhound: broken invariant") != std::string::npos;
  if (ours) {
    fmt::print(stderr, "fuzz: code of ours failed in the generator's process\n{}\n", log);
    std::abort();
  }
  while (log.ends_with('\n')) log.pop_back();
  fmt::print(stderr, "fuzz: Binaryen died on this input (code {}, signal {}); it is skipped: {}\n",
             end.code, end.signal, log.substr(log.rfind('\n') + 1));
}

std::optional<Bytes> GeneratorProcess::Failed(bool kill_it) {
  if (kill_it) fmt::print(stderr, "fuzz: Binaryen hangs on this input; it is skipped\n");
  Stop(kill_it);
  return std::nullopt;
}

std::optional<Bytes> GeneratorProcess::Generate(const gen::Recipe& recipe) {
  if (child_ && generated_ == kModulesPerProcess) Stop(/*kill_it=*/false);
  if (!child_) Start();
  ++generated_;
  Request request{static_cast<uint32_t>(recipe.input.size()), recipe.template_index,
                  recipe.parameters};
  if (!WriteAll(to_child_.get(), BytesOf(request)) || !WriteAll(to_child_.get(), recipe.input)) {
    return Failed(/*kill_it=*/false);
  }
  pollfd waiting{from_child_.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = poll(&waiting, 1, kGenerateSeconds * 1000)) < 0 && errno == EINTR) continue;
  if (ready == 0) return Failed(/*kill_it=*/true);
  uint32_t size = 0;
  if (!ReadAll(from_child_.get(), BytesOf(size))) return Failed(/*kill_it=*/false);
  CHECK(size <= kModuleBytesMax);
  Bytes module(size);
  if (!ReadAll(from_child_.get(), module)) return Failed(/*kill_it=*/false);
  return module;
}

}  // namespace slabhound::fuzz
