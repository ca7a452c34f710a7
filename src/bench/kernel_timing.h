// What a round of a kernel costs on an engine.
//
// 1. A round's time is the difference of two runs of different length over the rounds between them:
//    starting, compiling and linking drop out. It is CPU time of the whole process, its threads for
//    compiling and collecting too; of a process group, which the system counts in hundredths of a
//    second.
// 2. Runs grow fourfold until one takes the time that is given; the last two are made again, and
//    the quickest of each counts. Where a longer run meets a limit of the engine, the two before it
//    do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "bench/kernel.h"
#include "engine/spec.h"
#include "worker/process_engine.h"

namespace slabhound::bench {

struct KernelRun {
  uint32_t checksum = 0;
  double seconds = 0;
};
struct KernelTime {
  double nanoseconds = 0;  // of a round
  uint32_t rounds = 0;     // of the longest run
};

class KernelTimer {
 public:
  // The error says why the engine cannot be had.
  static Result<KernelTimer, std::string> Start(const engine::EngineSpec& engine,
                                                const worker::WorkerLimits& limits);

  // The error says what happened instead.
  Result<KernelRun, std::string> Run(const Kernel& kernel, uint32_t rounds);
  Result<KernelTime, std::string> Time(const Kernel& kernel, double seconds);

 private:
  KernelTimer(const engine::EngineSpec& engine, std::unique_ptr<worker::ProcessEngine> worker)
      : engine_(engine), worker_(std::move(worker)) {}
  Result<KernelRun, std::string> RunInProcess(const Kernel& kernel, uint32_t rounds) const;
  Result<KernelRun, std::string> RunBehindWorker(const Kernel& kernel, uint32_t rounds);

  engine::EngineSpec engine_;
  std::unique_ptr<worker::ProcessEngine> worker_;  // none: it is an engine of this process
};

}  // namespace slabhound::bench
