#include "campaign/gc_price.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>

#include "base/cpu_time.h"
#include "base/quiet_errors.h"
#include "diff/dispatch.h"
#include "engine/info.h"
#include "gen/generate.h"
#include "testcase/testcase.h"
#include "worker/command.h"
#include "worker/process_engine.h"
#include "worker/run.h"

namespace slabhound::campaign {
namespace {

using Clock = std::chrono::steady_clock;
using engine::Collection;
using engine::EngineSpec;

constexpr size_t kCases = 16, kFewCases = 6;
constexpr uint32_t kPerCallMost = 16;
constexpr double kShare = 0.6;  // of the rest: a campaign's cases are not quite like these

double CpuMilliseconds() { return std::chrono::duration<double, std::milli>(OwnCpuTime()).count(); }

// The cases, and what making one and running it on the reference takes.
struct Cases {
  std::vector<diff::Prepared> prepared;
  double ms = 0;
};

Cases MakeCases(bool exceptions, const worker::Lab& lab) {
  constexpr uint64_t kSeed = 1;
  const QuietErrors quiet;  // Binaryen warns of what it makes
  Cases cases;
  const double begin = CpuMilliseconds();
  for (uint64_t number = 0; cases.prepared.size() < kCases && number < 2 * kCases; ++number) {
    auto test_case =
        testcase::ReadTestCase(gen::Generate(gen::MakeRecipe(kSeed, number, exceptions)));
    if (!test_case) continue;
    test_case->plan.budgets = testcase::kGeneratedBudgets;
    auto prepared = diff::Prepare(*std::move(test_case));
    if (!prepared) continue;
    diff::Run(*prepared, EngineSpec{}, lab);
    cases.prepared.push_back(*std::move(prepared));
  }
  cases.ms = (CpuMilliseconds() - begin) / static_cast<double>(cases.prepared.size());
  return cases;
}

// How long the cases run on an engine behind a worker.
class Meter {
 public:
  Meter(std::span<const diff::Prepared> cases, std::vector<std::string> command,
        const worker::Lab& lab)
      : cases_(cases), lab_(lab), worker_(std::move(command), Limits()) {}

  // Runs all cases again and again until the time is used up, on the wall at most several times as
  // long. The average of a case in milliseconds; nothing if one ends the worker, or has no form.
  std::optional<double> Measure(const EngineSpec& spec, std::chrono::milliseconds time) {
    constexpr int kWall = 6;
    if (!worker_.Start()) return std::nullopt;
    const double own = CpuMilliseconds();
    const auto start = worker_.CpuTime();
    const Deadline deadline = DeadlineIn(kWall * time);
    for (double passes = 1;; ++passes) {
      for (size_t i = 0; i < cases_.size(); ++i) {
        if (!RunOnce(cases_[i], engine::OfCase(spec, i))) return std::nullopt;
      }
      const auto now = worker_.CpuTime();
      if (!start || !now || *now < *start) return std::nullopt;
      if (*now - *start < time && Clock::now() < deadline) continue;
      const double ms = static_cast<double>((*now - *start).count()) + CpuMilliseconds() - own;
      return ms / passes / static_cast<double>(cases_.size());
    }
  }

  void KeepFew() { cases_ = cases_.first(std::min(cases_.size(), kFewCases)); }

 private:
  static worker::WorkerLimits Limits() {
    worker::WorkerLimits limits;
    limits.run_time = std::chrono::seconds(2);
    return limits;
  }

  bool RunOnce(const diff::Prepared& prepared, const EngineSpec& spec) {
    const auto made = worker::MakeRequest(prepared, spec, lab_);
    if (!made) return false;
    auto run = worker_.Run(made->module, made->request);
    if (!run) return false;
    worker::WorkerTrace(prepared, spec, lab_, *std::move(run));
    return true;
  }

  std::span<const diff::Prepared> cases_;
  const worker::Lab& lab_;
  worker::ProcessEngine worker_;
};

// Runs the cases until they take no less time than before: while an engine's compiler still learns
// of them, collections look cheap beside the rest.
std::optional<double> WarmUp(Meter& meter, const EngineSpec& plain) {
  constexpr std::chrono::milliseconds kTime{1'000};
  constexpr int kTimesMax = 6;
  constexpr double kSteady = 0.9;
  std::optional<double> last = meter.Measure(plain, kTime);
  for (int times = 1; last && times < kTimesMax; ++times) {
    const std::optional<double> now = meter.Measure(plain, kTime);
    if (now && *now > kSteady * *last) return now;
    last = now;
  }
  return last;
}

EngineSpec WithCollections(EngineSpec spec, uint32_t per_call) {
  spec.form.collections = per_call;
  return spec;
}

std::optional<GcPrice> PriceOf(const EngineSpec& spec, size_t engines, const worker::Lab& lab) {
  constexpr std::chrono::milliseconds kTime{200};
  constexpr double kSlowMs = 8;
  auto command = worker::WorkerCommand(spec);
  if (!command) return std::nullopt;
  const Cases cases = MakeCases(lab.TakesExceptions(spec), lab);
  Meter meter(cases.prepared, *std::move(command), lab);
  EngineSpec plain = spec;
  plain.form.gc = Collection::None;
  const auto warm_up = WarmUp(meter, plain);
  if (!warm_up) return std::nullopt;
  if (*warm_up > kSlowMs) meter.KeepFew();
  const auto without = meter.Measure(plain, kTime);
  if (!without) return std::nullopt;
  // What all engines share counts once.
  const double case_ms = *without + cases.ms / static_cast<double>(engines);
  const auto price = [&](const EngineSpec& each) -> std::optional<GcPrice> {
    const auto with = meter.Measure(each, kTime);
    if (!with) return std::nullopt;
    return GcPrice{each, case_ms, std::max(0.0, *with - *without)};
  };
  const auto is_fair = [](const std::optional<GcPrice>& each) {
    return each && each->collections_ms <= kShare * each->case_ms;
  };
  auto most = price(WithCollections(spec, 1));
  if (!most) return std::nullopt;
  if (!is_fair(most)) {
    uint32_t& one_case_in = most->engine.form.one_case_in;
    while (one_case_in * kShare * most->case_ms < most->collections_ms) one_case_in *= 2;
    return most;
  }
  for (uint32_t per_call = 2; per_call <= kPerCallMost; per_call *= 2) {
    auto more = price(WithCollections(spec, per_call));
    if (!is_fair(more)) return most;
    most = std::move(more);
  }
  auto all = price(spec);
  return is_fair(all) ? all : most;
}

bool IsOpen(const EngineSpec& spec) {
  return !engine::InProcess(spec) && engine::InfoOf(spec.kind).gc_max != 0 &&
         spec.form.gc != Collection::None && spec.form.points != 0u && !spec.form.collections;
}

}  // namespace

std::vector<GcPrice> SetGcPrices(std::vector<EngineSpec>& engines, const worker::Lab& lab) {
  const auto open = static_cast<size_t>(std::ranges::count_if(engines, IsOpen));
  std::vector<GcPrice> prices;
  for (EngineSpec& engine : engines) {
    const auto price = IsOpen(engine) ? PriceOf(engine, open, lab) : std::nullopt;
    if (!price) continue;
    engine = price->engine;
    prices.push_back(*price);
  }
  return prices;
}

std::string PriceText(const GcPrice& price) {
  const engine::FormSpec& form = price.engine.form;
  const std::string number =
      form.collections ? fmt::format("at most {} in a call of the plan", *form.collections)
                       : std::string("as many as engines.def lets it");
  const std::string cases =
      form.one_case_in == 1 ? std::string() : fmt::format(", in one case of {}", form.one_case_in);
  return fmt::format("{}: {}{}: {:.2f} ms on top of {:.2f} a case",
                     engine::EngineText(price.engine), number, cases, price.collections_ms,
                     price.case_ms);
}

}  // namespace slabhound::campaign
