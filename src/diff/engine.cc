#include "diff/engine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/check.h"
#include "diff/command_run.h"
#include "diff/portable_run.h"
#include "diff/run.h"
#include "oracle/machine.h"

namespace slabhound::diff {
namespace {

// The text up to the next colon, taken off the front.
std::string_view TakePart(std::string_view& text) {
  const size_t colon = text.find(':');
  const std::string_view part = text.substr(0, colon);
  text = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  return part;
}

constexpr std::array kProcessEngines = {
#define SLABHOUND_PROCESS_ENGINE(name, ...) ProcessEngineInfo{EngineKind::name, __VA_ARGS__},
#include "diff/engines.def"
};

// Whether an option of ours (engine.h, 1) has a value; those of workers may be anything.
bool OptionFits(std::string_view option) {
  const size_t equals = option.find('=');
  const std::string_view name = option.substr(0, equals);
  const std::string_view value =
      equals == std::string_view::npos ? std::string_view() : option.substr(equals + 1);
  if (name == "gc") return value == "none" || value == "minor" || value == "full";
  if (name == "known") return value == "off";
  if (name != "points" && name != "seed") return !option.empty();
  return !value.empty() && value.size() <= 9 &&
         std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<EngineSpec> ParseProcessEngine(std::string_view name, std::string_view options) {
  const size_t at = name.find('@');
  const auto found =
      std::ranges::find(kProcessEngines, name.substr(0, at), &ProcessEngineInfo::text);
  if (found == kProcessEngines.end()) return std::nullopt;
  EngineSpec spec{.kind = found->kind};
  if (at != std::string_view::npos) {
    spec.version = name.substr(at + 1);
    const auto plain = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    if (spec.version.empty() || !std::ranges::all_of(spec.version, plain)) return std::nullopt;
  }
  if (spec.kind == EngineKind::Worker || spec.kind == EngineKind::Command) {
    spec.options.emplace_back(options);
    return options.empty() ? std::nullopt : std::optional(spec);
  }
  while (!options.empty()) {
    const size_t comma = options.find(',');
    if (!OptionFits(options.substr(0, comma))) return std::nullopt;
    spec.options.emplace_back(options.substr(0, comma));
    options = comma == std::string_view::npos ? std::string_view() : options.substr(comma + 1);
  }
  return spec;
}

}  // namespace

bool InProcess(const EngineSpec& spec) {
  return spec.kind == EngineKind::Oracle || spec.kind == EngineKind::Slab;
}

std::span<const ProcessEngineInfo> ProcessEngines() { return kProcessEngines; }

const ProcessEngineInfo& InfoOf(EngineKind kind) {
  const auto found = std::ranges::find(kProcessEngines, kind, &ProcessEngineInfo::kind);
  CHECK(found != kProcessEngines.end());
  return *found;
}

std::string_view EngineName(const EngineSpec& spec) {
  if (spec.kind == EngineKind::Oracle) return "oracle";
  return spec.kind == EngineKind::Slab ? "slab" : InfoOf(spec.kind).text;
}

std::string EngineText(const EngineSpec& spec) {
  if (spec.kind == EngineKind::Oracle) return "oracle";
  if (!InProcess(spec)) {
    std::string text(InfoOf(spec.kind).text);
    if (!spec.version.empty()) text += "@" + spec.version;
    if (!spec.options.empty()) text += fmt::format(":{}", fmt::join(spec.options, ","));
    return text;
  }
  std::string text = fmt::format("slab:{}:{}", gc::CollectorName(spec.slab.collector),
                                 gc::ScheduleText(spec.slab.schedule));
  if (spec.slab.fault != heap::Fault::None)
    text += fmt::format(":{}", heap::FaultName(spec.slab.fault));
  return text;
}

std::optional<EngineSpec> ParseEngine(std::string_view text) {
  const std::string_view name = TakePart(text);
  if (name == "oracle") {
    if (!text.empty()) return std::nullopt;
    return EngineSpec{};
  }
  if (name != "slab") return ParseProcessEngine(name, text);
  EngineSpec spec{.kind = EngineKind::Slab, .slab = {}};
  if (text.empty()) return spec;
  const auto collector = gc::FindCollector(TakePart(text));
  if (!collector) return std::nullopt;
  spec.slab.collector = *collector;
  if (text.empty()) return spec;
  const auto schedule = gc::ParseSchedule(TakePart(text));
  if (!schedule) return std::nullopt;
  spec.slab.schedule = *schedule;
  if (text.empty()) return spec;
  const auto fault = heap::FindFault(text);
  if (!fault) return std::nullopt;
  spec.slab.fault = *fault;
  return spec;
}

std::unique_ptr<embed::Machine> MakeMachine(const EngineSpec& spec, wasm::TypeStore& types,
                                            const embed::Limits& limits) {
  switch (spec.kind) {
    case EngineKind::Oracle:
      return oracle::MakeMachine(types, limits);
    case EngineKind::Slab:
      return exec::MakeMachine(types, limits, spec.slab);
    default:
      UNREACHABLE();
  }
}

std::vector<EngineSpec> DefaultEngines(heap::Fault fault) {
  using Kind = gc::Schedule::Kind;
  const auto slab = [fault](gc::Schedule schedule) {
    return EngineSpec{
        .kind = EngineKind::Slab,
        .slab = {.collector = gc::CollectorKind::MarkSweep, .schedule = schedule, .fault = fault}};
  };
  return {EngineSpec{}, slab({Kind::Explicit}), slab({Kind::EveryNth, 1}),
          slab({Kind::EverySafepoint})};
}

Result<Prepared, wasm::Error> Prepare(const testcase::TestCase& test_case) {
  return Prepare(testcase::TestCase(test_case));
}

Result<Prepared, wasm::Error> Prepare(testcase::TestCase&& test_case) {
  Prepared prepared;
  prepared.types = std::make_unique<wasm::TypeStore>();
  prepared.code = std::make_unique<bytecode::CodeCache>();
  prepared.plan = std::move(test_case.plan);
  TRY_ASSIGN(prepared.module,
             valid::Validate(std::make_shared<const wasm::Module>(std::move(test_case.module)),
                             *prepared.types));
  return prepared;
}

RunLimits::RunLimits() {
  machine.call_depth_max = testcase::kCallDepthMax;
  // Portable forms know one depth: the other never comes first.
  machine.host_depth_max = machine.call_depth_max;
  machine.heap_bytes_max = 16u << 20;
  machine.object_bytes_max = 64u << 10;
  machine.memory_pages_max = testcase::kMemoryPagesMax;
  machine.memory_pages_total_max = 2 * testcase::kMemoryPagesMax;
  machine.table_elements_max = testcase::kTableElementsMax;
  machine.table_elements_total_max = 2 * testcase::kTableElementsMax;
}

Trace Run(const Prepared& prepared, const EngineSpec& spec, const RunLimits& limits) {
  if (spec.kind == EngineKind::Command) return RunCommand(prepared, spec, limits);
  if (!InProcess(spec)) return RunPortable(prepared, spec, limits);
  EngineSpec budgeted = spec;
  budgeted.slab.cost_per_point = limits.collection_cost_per_point;
  budgeted.slab.code_cache = prepared.code.get();
  const auto machine = MakeMachine(budgeted, *prepared.types, limits.machine);
  return RunOn(*machine, prepared, limits);
}

}  // namespace slabhound::diff
