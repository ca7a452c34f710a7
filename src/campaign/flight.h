// The case in flight: pages that a job shares with its supervisor and writes before it touches
// anything, so that whatever kills it names the case and the stage.
//
// 1. What a stage works on is written before `stage` says so: the generator's bytes before
//    Generate, the module before Decode.
// 2. The supervisor reads them after the job's end, or `beats` alone while it runs: a change is
//    a sign of life.
// 3. Whatever the pages hold is within bounds when read through Take…: the job may have written
//    anything.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace slabhound::campaign {

enum class Stage : uint32_t { Idle, Generate, Decode, Run, Minimize };
inline constexpr uint32_t kStageCount = 5;
std::string_view StageName(Stage stage);

class Flight {
 public:
  static constexpr size_t kInputBytesMax = 16u << 10, kModuleBytesMax = 1u << 20;

  // For the job. What does not fit is left out.
  void Begin(uint64_t number, ByteSpan input);
  void Generated(ByteSpan module);
  void Running(uint32_t engine);
  void Minimizing();
  void Beat() { beats_.fetch_add(1, std::memory_order_release); }
  void End();
  // By this job, since its start.
  void CountWorkers(uint64_t started) {
    workers_started_.store(started, std::memory_order_relaxed);
  }

  // For the supervisor.
  uint64_t beats() const { return beats_.load(std::memory_order_acquire); }
  uint64_t workers_started() const { return workers_started_.load(std::memory_order_relaxed); }
  Stage stage() const;  // Idle for a number that is no stage
  uint64_t number() const { return number_; }
  uint32_t engine() const { return engine_; }
  Bytes TakeInput() const;
  Bytes TakeModule() const;  // empty before Decode

 private:
  void Enter(Stage stage);

  std::atomic<uint32_t> stage_;
  std::atomic<uint64_t> beats_, workers_started_;
  uint64_t number_;
  uint32_t engine_;
  uint32_t input_size_, module_size_;
  uint8_t input_[kInputBytesMax];
  uint8_t module_[kModuleBytesMax];
};

struct FlightUnmap {
  void operator()(Flight* flight) const;
};
using SharedFlight = std::unique_ptr<Flight, FlightUnmap>;

// Zeroed pages that a fork shares; null when the system has none.
SharedFlight MapFlight();

}  // namespace slabhound::campaign
