#include "testcase/testcase.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "testcase/meaning.h"
#include "testcase/signatures.h"
#include "wasm/decode.h"
#include "wasm/encode.h"
#include "wasm/names.h"

namespace slabhound::testcase {
namespace {

using Json = nlohmann::ordered_json;

// Boundary values that generated code is likely to treat specially.
constexpr std::array<uint64_t, 12> kInteresting = {0,
                                                   1,
                                                   2,
                                                   3,
                                                   7,
                                                   16,
                                                   100,
                                                   0x7fffffff,
                                                   0x80000000,
                                                   0xffffffff,
                                                   0x3ff0000000000000,  // 1.0
                                                   0xffffffffffffffff};

uint64_t DrawArgument(Rng& rng) {
  switch (rng.Below(4)) {
    case 0:
      return 0;
    case 1:
      return rng.Below(16);
    case 2:
      return kInteresting[rng.Below(kInteresting.size())];
    default:
      return rng.Next();
  }
}

// Budgets that are not said are a person's.
Result<Budgets, std::string> ReadBudgets(const Json& json) {
  if (!json.is_object()) return Fail(std::string("its budgets are no object"));
  Budgets budgets;
  for (const auto& [word, value] : json.items()) {
    const auto info = std::ranges::find(AllBudgets(), word, &BudgetInfo::word);
    if (info == AllBudgets().end()) return Fail(fmt::format("no budget is called {}", word));
    const uint64_t number = value.is_number_unsigned() ? value.get<uint64_t>() : 0;
    if (number < info->min || number > info->max) {
      return Fail(fmt::format("budget {}: {} is not from {} to {}", word, value.dump(), info->min,
                              info->max));
    }
    budgets.*info->field = number;
  }
  return budgets;
}

Json WriteBudgets(const Budgets& budgets) {
  Json json = Json::object();
  for (const BudgetInfo& info : AllBudgets()) json[info.word] = budgets.*info.field;
  return json;
}

Result<std::vector<Call>, std::string> ReadCalls(const Json& json) {
  if (!json.is_array()) return Fail(std::string("its calls are no list"));
  if (json.size() > kCallsMax) return Fail(fmt::format("more than {} calls", kCallsMax));
  std::vector<Call> calls;
  for (const Json& entry : json) {
    if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_array()) {
      return Fail(std::string("a call is [name, [arguments]]"));
    }
    if (entry[1].size() > kArgumentsMax) {
      return Fail(fmt::format("more than {} arguments of a call", kArgumentsMax));
    }
    Call call{entry[0].get<std::string>(), {}};
    for (const Json& argument : entry[1]) {
      if (!argument.is_number_unsigned()) {
        return Fail(std::string("an argument is an unsigned number"));
      }
      call.arguments.push_back(argument.get<uint64_t>());
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

Result<std::vector<std::string>, std::string> ReadEngines(const Json& json) {
  if (!json.is_array() || json.size() > kEnginesMax) {
    return Fail(fmt::format("its engines are no list of at most {}", kEnginesMax));
  }
  std::vector<std::string> engines;
  for (const Json& entry : json) {
    std::string engine = entry.is_string() ? entry.get<std::string>() : std::string();
    // What a line of text can hold (plan_text.h).
    if (engine.empty() || engine.size() > kEngineBytesMax || engine.front() == ' ' ||
        engine.find_first_of("\r\n") != std::string::npos) {
      return Fail(fmt::format("an engine is a line of at most {} bytes", kEngineBytesMax));
    }
    engines.push_back(std::move(engine));
  }
  return engines;
}

// Calls that are not said are the default ones.
Result<Plan, PlanError> ReadPlan(ByteSpan bytes, const wasm::Module& module) {
  const auto bad = [](std::string why) {
    return Fail(PlanError{"the plan in custom section slabhound: " + why});
  };
  if (bytes.size() > kSectionBytesMax) {
    return bad(fmt::format("more than {} bytes", kSectionBytesMax));
  }
  const Json json = Json::parse(AsText(bytes), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad("no JSON object");
  if (!json.contains("version") || json["version"] != 1) return bad("not of version 1");
  if (!json.contains("seed") || !json["seed"].is_number_unsigned()) return bad("no seed");
  Plan plan{.seed = json["seed"].get<uint64_t>()};
  if (const auto found = json.find("calls"); found != json.end()) {
    auto calls = ReadCalls(*found);
    if (!calls) return bad(std::move(calls.error()));
    plan.calls = *std::move(calls);
  } else {
    plan.calls = DefaultPlan(module, plan.seed).calls;
  }
  if (const auto found = json.find("budgets"); found != json.end()) {
    auto budgets = ReadBudgets(*found);
    if (!budgets) return bad(std::move(budgets.error()));
    plan.budgets = *budgets;
  }
  if (const auto found = json.find("engines"); found != json.end()) {
    auto engines = ReadEngines(*found);
    if (!engines) return bad(std::move(engines.error()));
    plan.engines = *std::move(engines);
  }
  return plan;
}

// With the calls or without.
Bytes WritePlan(const Plan& plan, bool calls) {
  Json json = {{"version", 1}, {"seed", plan.seed}};
  if (plan.budgets) json["budgets"] = WriteBudgets(*plan.budgets);
  if (calls) {
    json["calls"] = Json::array();
    for (const Call& call : plan.calls)
      json["calls"].push_back(Json::array({call.export_name, call.arguments}));
  }
  if (!plan.engines.empty()) json["engines"] = plan.engines;
  const std::string text =
      json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  const ByteSpan bytes = AsBytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

// The name section becomes names; those of a text stand already.
void TakeNames(wasm::Module& module) {
  const auto section =
      std::ranges::find(module.customs, wasm::kNameSection, &wasm::CustomSection::name);
  if (section == module.customs.end()) return;
  if (!module.names) {
    wasm::Names names = wasm::ReadNames(section->bytes, module);
    if (!names.empty()) module.names = std::make_shared<const wasm::Names>(std::move(names));
  }
  module.customs.erase(section);
}

}  // namespace

uint64_t MemoryPagesMax(const wasm::Module& module, uint64_t usual) {
  uint64_t pages = usual;
  const auto take = [&](const wasm::Limits& limits) {
    if (limits.min <= kMemoryMinimumMax) pages = std::max(pages, limits.min);
  };
  for (const wasm::Import& import : module.imports) {
    if (const auto* memory = std::get_if<wasm::MemoryType>(&import.type)) take(memory->limits);
  }
  for (const wasm::Memory& memory : module.memories) take(memory.type.limits);
  return pages;
}

std::string TooLargeText(std::string_view what, uint64_t size, std::string_view units,
                         uint64_t size_max) {
  return fmt::format("{} of {} {}, more than {}", what, size, units, size_max);
}

Plan DefaultPlan(const wasm::Module& module, uint64_t seed) {
  Plan plan{.seed = seed};
  const std::vector<wasm::TypeIdx> functions = FunctionTypes(module);
  const Rng rng = Rng(seed).Fork("plan");
  for (uint32_t round = 0; round < kDefaultRounds; ++round) {
    for (uint32_t i = 0; i < module.exports.size() && plan.calls.size() < kCallsMax; ++i) {
      const wasm::Export& exported = module.exports[i];
      if (exported.kind != wasm::ExternKind::Func || exported.index >= functions.size()) continue;
      const wasm::TypeIdx type = functions[exported.index];
      if (type >= module.types.size()) continue;
      const auto* signature = std::get_if<wasm::FuncType>(&module.types[type].composite);
      if (signature == nullptr) continue;
      Rng arguments = rng.Fork(uint64_t{round} << 32 | i);
      Call call{exported.name, {}};
      call.arguments.reserve(signature->params.size());
      for (const wasm::ValType param : signature->params) {
        call.arguments.push_back(PlainNumber(param, DrawArgument(arguments)));
      }
      plan.calls.push_back(std::move(call));
    }
  }
  return plan;
}

Result<TestCase, PlanError> MakeTestCase(wasm::Module module) {
  TakeNames(module);
  const auto section = std::ranges::find(module.customs, kSectionName, &wasm::CustomSection::name);
  TestCase test_case;
  if (section == module.customs.end()) {
    test_case.plan = DefaultPlan(module);
  } else {
    TRY_ASSIGN(test_case.plan, ReadPlan(section->bytes, module));
    if (std::ranges::count(module.customs, kSectionName, &wasm::CustomSection::name) > 1) {
      return Fail(PlanError{"more than one custom section slabhound"});
    }
    module.customs.erase(section);
  }
  test_case.module = std::move(module);
  return test_case;
}

Bytes WriteTestCase(const TestCase& test_case) {
  Plan plan = test_case.plan;
  if (plan.budgets == kPersonBudgets) plan.budgets.reset();
  const bool calls = plan.calls != DefaultPlan(test_case.module, plan.seed).calls;
  const bool has_plan = calls || plan.seed != 0 || plan.budgets || !plan.engines.empty();
  if (!has_plan && !test_case.module.names) return wasm::Encode(test_case.module);
  wasm::Module module = test_case.module;
  if (module.names) {
    module.customs.push_back({std::string(wasm::kNameSection), wasm::NameSection(*module.names)});
  }
  if (has_plan) module.customs.push_back({std::string(kSectionName), WritePlan(plan, calls)});
  return wasm::Encode(module);
}

Bytes WithBudgets(Bytes module, const Budgets& budgets) {
  wasm::Module section;
  section.customs.push_back(
      {std::string(kSectionName), WritePlan({.budgets = budgets}, /*calls=*/false)});
  constexpr std::ptrdiff_t kHeaderBytes = 8;  // magic number and version
  const Bytes bytes = wasm::Encode(section);
  module.insert(module.end(), bytes.begin() + kHeaderBytes, bytes.end());
  return module;
}

size_t ModuleBytes(ByteSpan test_case) {
  const auto read = ReadTestCase(test_case);
  return read ? wasm::Encode(read->module).size() : test_case.size();
}

Result<TestCase, std::string> ReadTestCase(ByteSpan bytes) {
  auto module = wasm::Decode(bytes);
  if (!module) return Fail(module.error().Message());
  auto test_case = MakeTestCase(*std::move(module));
  if (!test_case) return Fail(std::move(test_case.error().message));
  return *std::move(test_case);
}

}  // namespace slabhound::testcase
