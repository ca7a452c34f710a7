#include "campaign/flight.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>

namespace slabhound::campaign {
namespace {

constexpr std::array<std::string_view, kStageCount> kNames = {"idle", "generate", "decode", "run",
                                                              "minimize"};

}  // namespace

std::string_view StageName(Stage stage) { return kNames[static_cast<size_t>(stage)]; }

void Flight::Enter(Stage stage) {
  stage_.store(static_cast<uint32_t>(stage), std::memory_order_release);
  Beat();
}

void Flight::Begin(uint64_t number, ByteSpan input) {
  number_ = number;
  engine_ = 0;
  module_size_ = 0;
  input_size_ = static_cast<uint32_t>(input.size() <= kInputBytesMax ? input.size() : 0);
  std::ranges::copy(input.first(input_size_), input_);
  Enter(Stage::Generate);
}

void Flight::Generated(ByteSpan module) {
  module_size_ = static_cast<uint32_t>(module.size() <= kModuleBytesMax ? module.size() : 0);
  std::ranges::copy(module.first(module_size_), module_);
  Enter(Stage::Decode);
}

void Flight::Running(uint32_t engine) {
  engine_ = engine;
  Enter(Stage::Run);
}

void Flight::Minimizing() { Enter(Stage::Minimize); }

void Flight::End() { Enter(Stage::Idle); }

Stage Flight::stage() const {
  const uint32_t stage = stage_.load(std::memory_order_acquire);
  return stage < kStageCount ? static_cast<Stage>(stage) : Stage::Idle;
}

Bytes Flight::TakeInput() const {
  return {input_, input_ + std::min<size_t>(input_size_, kInputBytesMax)};
}

Bytes Flight::TakeModule() const {
  return {module_, module_ + std::min<size_t>(module_size_, kModuleBytesMax)};
}

void FlightUnmap::operator()(Flight* flight) const { munmap(flight, sizeof(Flight)); }

SharedFlight MapFlight() {
  // Anonymous pages are zero, which is a Flight at rest: nothing is constructed in them.
  void* pages =
      mmap(nullptr, sizeof(Flight), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return SharedFlight(pages == MAP_FAILED ? nullptr : static_cast<Flight*>(pages));
}

}  // namespace slabhound::campaign
