#include "worker/census.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/subprocess.h"
#include "worker/command.h"
#include "worker/protocol.h"
#include "worker/run.h"

namespace slabhound::worker {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kWarmUp = 20, kRounds = 100;
constexpr uint64_t kBytesScale = 10;  // bytes are noisy, objects and cells are not

// A talk with one fresh worker; each error is one line.
class Talk {
 public:
  explicit Talk(const WorkerLimits& limits) : limits_(limits) {}

  // What it counts; empty: it cannot.
  Result<std::string, std::string> Start(const std::vector<std::string>& command) {
    auto worker = Subprocess::Start(
        {.command = command, .environment = {}, .data_bytes_max = limits_.data_bytes_max});
    if (!worker) return Fail(std::move(worker.error()));
    worker_ = *std::move(worker);
    TRY(Write(AsBytes(HelloText()), limits_.start_time));
    TRY_ASSIGN(const Json hello, ReadJson(limits_.start_time));
    const auto unit = hello.value(Json::json_pointer("/capabilities/census"), Json());
    return unit.is_string() ? unit.get<std::string>() : std::string();
  }

  // What the heap holds behind each of so many rounds.
  Result<std::vector<uint64_t>, std::string> Count(const trace::SentRun& sent,
                                                   std::span<const uint64_t> rounds) {
    trace::RunRequest request = sent.request;
    request.id = 1;
    std::string text = RequestText(request);
    text.back() = ',';
    text += fmt::format(R"("census":[{}]}})", fmt::join(rounds, ","));
    TRY(Write(AsBytes(text), limits_.run_time));
    TRY(Write(sent.module, limits_.run_time));
    TRY_ASSIGN(const Json answer, ReadJson(limits_.run_time));
    const auto held = answer.find("held");
    const bool counted =
        held != answer.end() && held->is_array() && held->size() == rounds.size() &&
        std::ranges::all_of(*held, [](const Json& each) { return each.is_number_unsigned(); });
    if (!counted) return Fail(std::string("it did not come to the end of its rounds"));
    return held->get<std::vector<uint64_t>>();
  }

 private:
  static constexpr uint32_t kFrameBytesMax = 1u << 20;

  static std::string Text(PipeFailure failure) {
    return failure == PipeFailure::Timeout ? "it took too long" : "it ended";
  }

  Result<void, std::string> Write(ByteSpan payload, std::chrono::milliseconds time) {
    Bytes frame(4);
    StoreLittle(frame.data(), static_cast<uint32_t>(payload.size()));
    frame.insert(frame.end(), payload.begin(), payload.end());
    if (const auto written = worker_->Write(frame, DeadlineIn(time)); !written) {
      return Fail(Text(written.error()));
    }
    return {};
  }

  Result<Json, std::string> ReadJson(std::chrono::milliseconds time) {
    const Deadline deadline = DeadlineIn(time);
    std::array<uint8_t, 4> length;
    if (const auto read = worker_->Read(length, deadline); !read) return Fail(Text(read.error()));
    const auto bytes = LoadLittle<uint32_t>(length.data());
    if (bytes > kFrameBytesMax) return Fail(fmt::format("an answer of {} bytes", bytes));
    Bytes text(bytes);
    if (const auto read = worker_->Read(text, deadline); !read) return Fail(Text(read.error()));
    const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 8; };
    Json json = Json::parse(AsText(text), shallow, /*allow_exceptions=*/false);
    if (!json.is_object()) return Fail(std::string("the answer is no JSON object"));
    return json;
  }

  WorkerLimits limits_;
  std::optional<Subprocess> worker_;
};

struct Halves {
  std::string unit;
  std::optional<double> per_round;  // as much in both halves
};

// The growth in two halves of so many rounds each.
Result<Halves, std::string> Measure(const std::vector<std::string>& command,
                                    const trace::SentRun& sent, const WorkerLimits& limits,
                                    uint64_t rounds) {
  Talk talk(limits);
  TRY_ASSIGN(std::string unit, talk.Start(command));
  if (unit.empty()) return Fail(std::string("cannot count"));
  const bool is_noisy = unit == "bytes";
  const uint64_t half = is_noisy ? rounds * kBytesScale : rounds;
  const std::array<uint64_t, 3> at = {kWarmUp, kWarmUp + half, kWarmUp + 2 * half};
  TRY_ASSIGN(const std::vector<uint64_t> held, talk.Count(sent, at));
  // The smallest object has eight bytes; noise is less than an object in two rounds.
  const double least = static_cast<double>(half) * (is_noisy ? 8 : 0.5);
  const double first = static_cast<double>(held[1]) - static_cast<double>(held[0]);
  const double second = static_cast<double>(held[2]) - static_cast<double>(held[1]);
  const bool grows =
      std::min(first, second) >= least && std::max(first, second) < 2 * std::min(first, second);
  return Halves{
      std::move(unit),
      grows ? std::optional((first + second) / 2 / static_cast<double>(half)) : std::nullopt};
}

}  // namespace

Result<Growth, std::string> GrowthOf(const std::vector<std::string>& command,
                                     const trace::SentRun& sent, const WorkerLimits& limits) {
  // A small heap may be full before many rounds are over.
  for (const uint64_t rounds : {kRounds, kRounds / 10}) {
    TRY_ASSIGN(Halves once, Measure(command, sent, limits, rounds));
    if (!once.per_round) {
      if (rounds == kRounds) continue;
      return Growth{std::move(once.unit), 0};
    }
    TRY_ASSIGN(const Halves twice, Measure(command, sent, limits, 2 * rounds));
    const double grown = twice.per_round.value_or(0);
    if (grown < 2 * *once.per_round && *once.per_round < 2 * grown) {
      return Growth{std::move(once.unit), grown};
    }
  }
  return Growth{};
}

Result<Growth, std::string> GrowthOf(const testcase::Prepared& prepared,
                                     const engine::EngineSpec& spec, const Lab& lab) {
  TRY_ASSIGN(const std::vector<std::string> command, WorkerCommand(spec));
  auto made = MakeRequest(prepared, spec, lab);
  if (!made) return Fail(std::move(made.error()));
  // The look at the state only tells what is there.
  made->request.exports.pop_back();
  return GrowthOf(command, {std::move(made->request), std::move(made->module)},
                  lab.workers->limits());
}

}  // namespace slabhound::worker
