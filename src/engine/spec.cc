#include "engine/spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "engine/draw.h"
#include "engine/info.h"

namespace slabhound::engine {
namespace {

constexpr std::array<std::string_view, 3> kCollections = {"none", "minor", "full"};
constexpr std::array<std::string_view, 4> kStraights = {"none", "all", "even", "odd"};
constexpr std::string_view kNames =
#define SLABHOUND_ENGINE(name, text, ...) " " text
#define SLABHOUND_PROCESS_ENGINE(name, text, ...) " " text
#include "engine/engines.def"
    ;
constexpr std::string_view kDrawn = "drawn-";
constexpr std::string_view kFormUsage =
    "gc=none|minor|full points=N seed=N straight=none|all|even|odd collections=N[/CASES] "
    "known=off";

// The text up to the mark, taken off the front with it.
std::string_view TakePart(std::string_view& text, char mark) {
  const size_t at = text.find(mark);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return part;
}

std::optional<uint32_t> Number(std::string_view text) {
  constexpr size_t kDigitsMax = 9;
  uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && text.size() <= kDigitsMax ? std::optional(number) : std::nullopt;
}

// Whether `value` is one of those of a row of engines.def.
bool ValueFits(std::string_view values, std::string_view value) {
  if (values == "N") return Number(value).has_value();
  while (!values.empty()) {
    if (TakePart(values, '|') == value) return true;
  }
  return false;
}

// The value of an enumeration whose names these are, in its order.
template <typename Enum, size_t count>
std::optional<Enum> FindIn(const std::array<std::string_view, count>& names,
                           std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

// One `name` or `name=value`.
struct OptionText {
  explicit OptionText(std::string_view text) : name(TakePart(text, '=')), value(text) {}
  std::string_view name, value;
};

// Such as "4", or "1/16" for one case in 16.
bool TakeCollections(std::string_view text, FormSpec& form) {
  const bool has_cases = text.contains('/');
  form.collections = Number(TakePart(text, '/'));
  const auto cases = has_cases ? Number(text) : 1;
  form.one_case_in = cases.value_or(0);
  return form.collections.value_or(0) != 0 && form.one_case_in != 0;
}

// Whether it is an option of ours, well formed; it is in `form` then.
bool TakeFormOption(const OptionText& option, FormSpec& form) {
  if (option.name == "gc") {
    form.gc = FindCollection(option.value);
    return form.gc.has_value();
  }
  if (option.name == "points") return (form.points = Number(option.value)).has_value();
  if (option.name == "seed") return (form.seed = Number(option.value)).has_value();
  if (option.name == "straight") {
    return (form.straight = FindStraight(option.value)).has_value();
  }
  if (option.name == "collections") return TakeCollections(option.value, form);
  form.known = false;
  return option.name == "known" && option.value == "off";
}

std::optional<EngineOption> FindOption(EngineKind kind, const OptionText& option, bool has_value) {
  for (uint32_t row = 0; const EngineOptionInfo& info : EngineOptions()) {
    const uint32_t at = row++;
    if (info.kind != kind || info.name != option.name) continue;
    if (info.values.empty() ? has_value : !ValueFits(info.values, option.value)) break;
    return EngineOption{at, std::string(option.value)};
  }
  return std::nullopt;
}

std::string OptionsOf(EngineKind kind) {
  std::string text(kFormUsage);
  for (const EngineOptionInfo& info : EngineOptions()) {
    if (info.kind == kind) text += " " + OptionUsage(info);
  }
  return text;
}

Result<void, std::string> TakeOptions(std::string_view options, EngineSpec& spec) {
  while (!options.empty()) {
    const std::string_view text = TakePart(options, ',');
    const OptionText option(text);
    FormSpec form = spec.form;
    if (TakeFormOption(option, form)) {
      spec.form = form;
      continue;
    }
    const auto found = FindOption(spec.kind, option, text.size() != option.name.size());
    if (!found) {
      return Fail(fmt::format("{} has no option '{}'; it has {}", EngineName(spec), text,
                              OptionsOf(spec.kind)));
    }
    std::erase_if(spec.options, [&](const EngineOption& each) { return each.row == found->row; });
    spec.options.push_back(*found);
  }
  std::ranges::sort(spec.options, {}, &EngineOption::row);
  return {};
}

Result<EngineSpec, std::string> ParseSlab(std::string_view text, const SlabSpec& defaults) {
  EngineSpec spec{.kind = EngineKind::Slab, .slab = defaults};
  if (text.empty()) return spec;
  const std::string_view collector = TakePart(text, ':');
  if (collector.starts_with(kDrawn)) {
    spec.slab = {.fault = defaults.fault, .drawn = Number(collector.substr(kDrawn.size()))};
    if (!spec.slab.drawn) return Fail(fmt::format("'{}' is not {}N", collector, kDrawn));
  } else if (const auto kind = gc::FindCollector(collector)) {
    spec.slab.collector = *kind;
  } else {
    return Fail(fmt::format("no such collector '{}'; there are{}, and {}N for campaigns", collector,
                            gc::kCollectorTexts, kDrawn));
  }
  if (text.empty()) return spec;
  if (!spec.slab.drawn) {
    const std::string_view when = TakePart(text, ':');
    const auto schedule = gc::ParseSchedule(when);
    if (!schedule) {
      return Fail(fmt::format("no such schedule '{}'; there are {}", when, gc::kScheduleTexts));
    }
    spec.slab.schedule = *schedule;
  }
  while (!text.empty()) {
    const std::string_view word = TakePart(text, ':');
    if (!spec.slab.drawn && heap::TakeSetting(word, spec.slab.settings)) continue;
    const auto fault = heap::FindFault(word);
    if (!fault) {
      return Fail(fmt::format("no such fault or setting '{}'; there are{}{}", word,
                              heap::FaultNames(), heap::kSettingTexts));
    }
    spec.slab.fault = *fault;
  }
  return spec;
}

bool IsVersion(std::string_view text) {
  const auto plain = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  return text == "all" || (!text.empty() && std::ranges::all_of(text, plain));
}

}  // namespace

std::string_view CollectionName(Collection kind) { return kCollections[static_cast<size_t>(kind)]; }
std::optional<Collection> FindCollection(std::string_view name) {
  return FindIn<Collection>(kCollections, name);
}

std::string_view StraightName(Straight which) { return kStraights[static_cast<size_t>(which)]; }
std::optional<Straight> FindStraight(std::string_view name) {
  return FindIn<Straight>(kStraights, name);
}

std::string_view EngineName(const EngineSpec& spec) {
  if (spec.kind == EngineKind::Oracle) return "oracle";
  return spec.kind == EngineKind::Slab ? "slab" : InfoOf(spec.kind).text;
}

EngineSpec Bare(const EngineSpec& spec) {
  return {.kind = spec.kind, .version = spec.version, .command = spec.command};
}

EngineSpec OfCase(const EngineSpec& spec, uint64_t draw) {
  EngineSpec own = spec;
  if (spec.slab.drawn) own.slab = Draw(spec.slab, draw);
  if (!spec.form.collections) return own;
  constexpr uint32_t kPointsLeast = 2, kDoublings = 5, kSeeds = 1000;
  FormSpec& form = own.form;
  Rng rng = Rng(draw).Fork("forced collections");
  if (!rng.OneIn(std::exchange(form.one_case_in, 1))) {
    form.gc = Collection::None;
    form.collections.reset();
    return own;
  }
  const uint32_t points = kPointsLeast << rng.Below(kDoublings);
  const auto seed = static_cast<uint32_t>(rng.Below(kSeeds));
  if (!form.points) form.points = points;
  if (!form.seed) form.seed = seed;
  return own;
}

namespace {

// Options joined by commas.
std::string OptionsText(const EngineSpec& spec) {
  std::vector<std::string> options;
  const FormSpec& form = spec.form;
  if (form.gc) options.push_back(fmt::format("gc={}", CollectionName(*form.gc)));
  if (form.points) options.push_back(fmt::format("points={}", *form.points));
  if (form.seed) options.push_back(fmt::format("seed={}", *form.seed));
  if (form.straight) options.push_back(fmt::format("straight={}", StraightName(*form.straight)));
  if (form.collections) {
    options.push_back(fmt::format("collections={}", *form.collections));
    if (form.one_case_in != 1) options.back() += fmt::format("/{}", form.one_case_in);
  }
  if (!form.known) options.emplace_back("known=off");
  for (const EngineOption& option : spec.options) {
    const std::string_view name = EngineOptions()[option.row].name;
    options.push_back(fmt::format("{}{}{}", name, option.value.empty() ? "" : "=", option.value));
  }
  return fmt::format("{}", fmt::join(options, ","));
}

}  // namespace

std::string EngineText(const EngineSpec& spec) {
  std::string text(EngineName(spec));
  if (spec.kind == EngineKind::Oracle) return text;
  if (spec.kind == EngineKind::Slab) {
    if (spec.slab.drawn) {
      text += fmt::format(":{}{}", kDrawn, *spec.slab.drawn);
    } else {
      text += fmt::format(":{}:{}", gc::CollectorName(spec.slab.collector),
                          gc::ScheduleText(spec.slab.schedule));
      text += heap::SettingsText(spec.slab.settings);
    }
    if (spec.slab.fault != heap::Fault::None)
      text += fmt::format(":{}", heap::FaultName(spec.slab.fault));
    return text;
  }
  if (!spec.version.empty()) text += "@" + spec.version;
  const std::string options = OptionsText(spec);
  if (spec.command.empty()) return options.empty() ? text : fmt::format("{}:{}", text, options);
  return fmt::format("{}{}:{}", text, options.empty() ? "" : fmt::format("[{}]", options),
                     spec.command);
}

std::string ProcessText(const EngineSpec& spec) {
  EngineSpec process = spec;
  process.form = {};
  return EngineText(process);
}

Result<EngineSpec, std::string> ParseEngine(std::string_view text, const SlabSpec& slab) {
  std::string_view rest = text;
  const std::string_view engine = TakePart(rest, ':');
  if (engine == "oracle" && rest.empty()) return EngineSpec{};
  if (engine == "oracle") return Fail(std::string("oracle has no configuration"));
  if (engine == "slab") return ParseSlab(rest, slab);
  // A worker of one's own has its options in brackets: its text ends in a command line.
  std::string_view own_options, version = engine;
  if (engine.starts_with("worker[") && engine.ends_with(']')) {
    own_options = engine.substr(0, engine.size() - 1);
    version = TakePart(own_options, '[');
  }
  const std::string_view named = version, name = TakePart(version, '@');
  const auto found = std::ranges::find(ProcessEngines(), name, &ProcessEngineInfo::text);
  if (found == ProcessEngines().end()) {
    return Fail(
        fmt::format("no such engine; there are:{}, and slab with a configuration, as in "
                    "slab:mark_sweep:every-allocation or wasmtime@31.0.0:points=1",
                    kNames));
  }
  EngineSpec spec{.kind = found->kind};
  if (name.size() != named.size()) {
    if (!IsVersion(version)) {
      return Fail(fmt::format("'{}' is no version, as in {}@31.0.0", version, name));
    }
    spec.version = version;
  }
  if (spec.kind == EngineKind::Worker || spec.kind == EngineKind::Command) {
    if (rest.empty()) return Fail(fmt::format("{}: needs a command line behind the colon", name));
    spec.command = rest;
    if (spec.kind == EngineKind::Command) return spec;
    rest = own_options;
  }
  TRY(TakeOptions(rest, spec));
  return spec;
}

Result<EngineSpec, std::string> WithOptions(const EngineSpec& spec, std::string_view options) {
  CHECK(!InProcess(spec) && spec.command.empty());
  EngineSpec with = Bare(spec);
  TRY(TakeOptions(options, with));
  return with;
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

std::vector<EngineSpec> CampaignEngines(heap::Fault fault) {
  constexpr uint32_t kStreams = 3;
  std::vector<EngineSpec> engines = {EngineSpec{}};
  for (uint32_t stream = 1; stream <= kStreams; ++stream) {
    engines.push_back({.kind = EngineKind::Slab, .slab = {.fault = fault, .drawn = stream}});
  }
  return engines;
}

}  // namespace slabhound::engine
