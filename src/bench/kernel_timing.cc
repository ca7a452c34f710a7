#include "bench/kernel_timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

#include "base/cpu_time.h"
#include "diff/dispatch.h"
#include "machine/machine.h"
#include "wasm/encode.h"
#include "worker/command.h"

namespace slabhound::bench {
namespace {

// Of this process, in seconds.
double OwnTime() { return std::chrono::duration<double>(OwnCpuTime()).count(); }

double TimeOf(const worker::ProcessEngine& engine) {
  return std::chrono::duration<double>(engine.CpuTime().value_or(std::chrono::milliseconds(0)))
      .count();
}

std::string FailureText(const machine::Outcome& outcome) {
  if (const auto* trap = std::get_if<machine::Trap>(&outcome)) {
    return fmt::format("it traps: {}", machine::TrapPhrase(trap->kind));
  }
  if (const auto* exhausted = std::get_if<machine::Exhausted>(&outcome)) {
    return fmt::format("out of {}", machine::ResourceName(exhausted->resource));
  }
  if (const auto* panic = std::get_if<machine::Panic>(&outcome)) {
    return fmt::format("it panics: {}: {}", panic->kind, panic->detail);
  }
  return "it throws";
}

std::string FailureText(const worker::WorkerStep& step) {
  const std::string& why = step.message.empty() ? step.kind : step.message;
  return why.empty() ? "it does not return" : why.substr(0, why.find('\n'));
}

}  // namespace

Result<KernelTimer, std::string> KernelTimer::Start(const engine::EngineSpec& engine,
                                                    const worker::WorkerLimits& limits) {
  if (engine::InProcess(engine)) return KernelTimer(engine, nullptr);
  if (engine.kind == engine::EngineKind::Command) return Fail(std::string("it is no worker"));
  TRY_ASSIGN(std::vector<std::string> command, worker::WorkerCommand(engine));
  auto worker = std::make_unique<worker::ProcessEngine>(std::move(command), limits);
  if (const auto started = worker->Start(); !started) return Fail(started.error().detail);
  return KernelTimer(engine, std::move(worker));
}

Result<KernelRun, std::string> KernelTimer::Run(const Kernel& kernel, uint32_t rounds) {
  return worker_ == nullptr ? RunInProcess(kernel, rounds) : RunBehindWorker(kernel, rounds);
}

Result<KernelRun, std::string> KernelTimer::RunInProcess(const Kernel& kernel,
                                                         uint32_t rounds) const {
  const diff::Prepared& prepared = kernel.prepared;
  machine::Limits limits;
  limits.fuel = std::numeric_limits<uint64_t>::max();
  limits.call_depth_max = 10'000;
  const double begin = OwnTime();
  const auto machine = diff::MakeMachine(engine_, *prepared.types, limits);
  const auto instance = machine->Instantiate(prepared.module, {});
  if (!instance) return Fail(std::string("it does not instantiate"));
  const auto run = machine->FindExport(*instance, "run");
  const std::array arguments = {machine::Value::I32(rounds)};
  const machine::Outcome outcome = machine->Call(run->address, arguments);
  const auto* returned = std::get_if<machine::Returned>(&outcome);
  if (returned == nullptr) return Fail(FailureText(outcome));
  return KernelRun{static_cast<uint32_t>(returned->values.front().bits), OwnTime() - begin};
}

Result<KernelRun, std::string> KernelTimer::RunBehindWorker(const Kernel& kernel, uint32_t rounds) {
  const Bytes module = wasm::Encode(KernelForWorker(kernel, rounds));
  const double begin = TimeOf(*worker_);
  const auto run = worker_->Run(module, {.exports = {std::string(kKernelStep)}, .valid = true});
  if (!run) return Fail(run.error().detail);
  const worker::WorkerStep& step = run->calls.empty() ? run->instantiate : run->calls.front();
  if (step.end != worker::WorkerEnd::Returns || step.log.size() != 1) {
    return Fail(FailureText(step));
  }
  return KernelRun{static_cast<uint32_t>(step.log.front()), TimeOf(*worker_) - begin};
}

Result<KernelTime, std::string> KernelTimer::Time(const Kernel& kernel, double seconds) {
  constexpr uint32_t kRoundsMin = 16, kGrowth = 4, kRoundsMax = 1u << 30;
  constexpr int kRepeats = 3;
  struct Size {
    uint32_t rounds = 0;
    double seconds = 0;
  };
  Size shorter, longer;
  for (uint32_t rounds = kRoundsMin; rounds <= kRoundsMax; rounds *= kGrowth) {
    const auto run = Run(kernel, rounds);
    if (!run && shorter.rounds == 0) return Fail(run.error());
    if (!run) break;
    shorter = std::exchange(longer, {rounds, run->seconds});
    if (run->seconds >= seconds && shorter.rounds != 0) break;
  }
  for (int repeat = 1; repeat < kRepeats; ++repeat) {
    for (Size* size : {&shorter, &longer}) {
      TRY_ASSIGN(const KernelRun run, Run(kernel, size->rounds));
      size->seconds = std::min(size->seconds, run.seconds);
    }
  }
  return KernelTime{(longer.seconds - shorter.seconds) * 1e9 / (longer.rounds - shorter.rounds),
                    longer.rounds};
}

}  // namespace slabhound::bench
