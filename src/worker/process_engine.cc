#include "worker/process_engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/cpu_time.h"

namespace slabhound::worker {
ProcessEngine::ProcessEngine(std::vector<std::string> command, const WorkerLimits& limits)
    : command_(std::move(command)), limits_(limits) {}

void ProcessEngine::Stop() {
  worker_.reset();
  history_.clear();
  before_ = history_bytes_ = 0;
  stale_ = false;
}

std::optional<std::chrono::milliseconds> ProcessEngine::CpuTime() const {
  return worker_ ? GroupCpuTime(worker_->pid()) : std::nullopt;
}

trace::Failure ProcessEngine::Died() {
  // It closed its pipes: a moment later it is dead, or it is killed now.
  const auto status = worker_->Wait(DeadlineIn(std::chrono::milliseconds(500)));
  if (!status) return Killed(trace::FailureKind::Garbage, "it closed its output and went on");
  trace::Failure failure = Diagnose(*status, worker_->Errors(), limits_.data_bytes_max);
  worker_.reset();
  return failure;
}

trace::Failure ProcessEngine::Killed(trace::FailureKind kind, std::string detail) {
  worker_->Kill();
  if (detail.empty()) detail = worker_->Errors();
  worker_.reset();
  return {kind, {}, std::move(detail)};
}

Result<std::string, trace::Failure> ProcessEngine::ReadFrame(Deadline deadline) {
  const auto failed = [this](PipeFailure failure) {
    return failure == PipeFailure::Timeout ? Killed(trace::FailureKind::Timeout, {}) : Died();
  };
  std::array<uint8_t, 4> length;
  if (const auto read = worker_->Read(length, deadline); !read) return Fail(failed(read.error()));
  const auto bytes = LoadLittle<uint32_t>(length.data());
  if (bytes > limits_.answer_bytes_max) {
    return Fail(Killed(trace::FailureKind::Garbage, fmt::format("an answer of {} bytes", bytes)));
  }
  // Grows with what comes, not with what is announced.
  std::string text;
  while (text.size() < bytes) {
    const size_t had = text.size();
    text.resize(std::min<size_t>(bytes, had + (1u << 20)));
    const auto read = worker_->Read(
        std::span(reinterpret_cast<uint8_t*>(text.data()) + had, text.size() - had), deadline);
    if (!read) return Fail(failed(read.error()));
  }
  return text;
}

Result<void, trace::Failure> ProcessEngine::WriteFrames(std::initializer_list<ByteSpan> payloads,
                                                        Deadline deadline) {
  Bytes frames;
  for (const ByteSpan payload : payloads) {
    std::array<uint8_t, 4> length;
    StoreLittle(length.data(), static_cast<uint32_t>(payload.size()));
    frames.insert(frames.end(), length.begin(), length.end());
    frames.insert(frames.end(), payload.begin(), payload.end());
  }
  if (const auto written = worker_->Write(frames, deadline); !written) {
    return Fail(written.error() == PipeFailure::Timeout ? Killed(trace::FailureKind::Timeout, {})
                                                        : Died());
  }
  return {};
}

Result<void, trace::Failure> ProcessEngine::Start() {
  if (worker_) return {};
  Stop();
  auto worker = Subprocess::Start(
      {.command = command_, .environment = {}, .data_bytes_max = limits_.data_bytes_max});
  if (!worker) return Fail(trace::Failure{trace::FailureKind::Start, {}, worker.error()});
  worker_ = *std::move(worker);
  ++workers_started_;
  const Deadline deadline = DeadlineIn(limits_.start_time);
  const auto start_failed = [](trace::Failure failure) {
    return Fail(trace::Failure{trace::FailureKind::Start,
                               {},
                               fmt::format("{}: {}", trace::FailureText(failure), failure.detail)});
  };
  if (auto written = WriteFrames({AsBytes(HelloText())}, deadline); !written) {
    return start_failed(std::move(written.error()));
  }
  auto text = ReadFrame(deadline);
  if (!text) return start_failed(std::move(text.error()));
  auto hello = ParseHello(*text);
  if (!hello) return start_failed(Killed(trace::FailureKind::Garbage, std::move(hello.error())));
  hello_ = *std::move(hello);
  return {};
}

trace::Failure ProcessEngine::TooLong(RunState state, const std::optional<std::string>& place) {
  const bool compiles = place && place->empty();
  const std::string where = !place                    ? ""
                            : compiles                ? "in compilation: "
                            : *place == "instantiate" ? "in instantiation: "
                                                      : fmt::format("in {}: ", *place);
  if (state == RunState::Stuck) return Killed(trace::FailureKind::Timeout, where + "no progress");
  return Killed(
      compiles ? trace::FailureKind::SlowCompile : trace::FailureKind::Timeout,
      fmt::format(
          "{}more than {} s of CPU time", where,
          static_cast<double>((compiles ? limits_.run_time : limits_.CallTime()).count()) / 1000));
}

Result<std::string, trace::Failure> ProcessEngine::ReadAnswer(const trace::RunRequest& request) {
  RunClock clock(worker_->pid(), limits_.run_time);
  std::optional<std::string> place;
  if (request.progress) place.emplace();
  for (size_t told = 0;;) {
    while (!worker_->AwaitOutput(clock.next())) {
      const RunState state = clock.Look();
      if (state != RunState::Going) return Fail(TooLong(state, place));
    }
    TRY_ASSIGN(std::string text, ReadFrame(DeadlineIn(limits_.run_time)));
    const auto next = request.progress ? ParseProgress(text, request) : std::nullopt;
    if (!next) return text;
    if (++told > request.exports.size() + 1) {
      return Fail(Killed(trace::FailureKind::Garbage, "it tells more than it was asked for"));
    }
    if (place->empty() || limits_.call_time) clock.Restart(limits_.CallTime());
    place = next->empty() ? "?" : *next;
  }
}

Result<WorkerRun, trace::Failure> ProcessEngine::Run(ByteSpan module, trace::RunRequest request) {
  if (stale_) Stop();
  TRY(Start());
  before_ = history_.size();
  request.id = before_ + 1;
  request.progress = hello_.progress && (request.progress || limits_.call_time);
  const std::string sent = RequestText(request);
  history_.push_back({request, Bytes(module.begin(), module.end())});
  history_bytes_ += sent.size() + module.size();
  TRY(WriteFrames({AsBytes(sent), module}, DeadlineIn(limits_.run_time)));
  TRY_ASSIGN(const std::string text, ReadAnswer(request));
  auto run = ParseRun(text, request);
  if (!run) return Fail(Killed(trace::FailureKind::Garbage, std::move(run.error())));
  TRY_ASSIGN(const std::string logs, ReadFrame(DeadlineIn(limits_.run_time)));
  if (auto read = ParseLogs(AsBytes(logs), request, *run); !read) {
    return Fail(Killed(trace::FailureKind::Garbage, std::move(read.error())));
  }
  stale_ = history_.size() >= limits_.modules_max || history_bytes_ >= limits_.history_bytes_max ||
           run->memory_bytes >= limits_.memory_bytes_max;
  return *std::move(run);
}

}  // namespace slabhound::worker
