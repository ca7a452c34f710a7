// Goal: both engines mean the same by every instruction that they run, under every collector and
// schedule, and every row of the register bytecode is run.
// Method: an instruction with a plain signature becomes a generated module that is called with all
// pairs of boundary values; all others stand in corpus/opcodes, whose exports return unless their
// name says otherwise. What no module holds is named.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <bit>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "bytecode/fixture.h"
#include "diff/compare.h"
#include "text/wat.h"

namespace slabhound::cli {
namespace {

constexpr std::array<uint64_t, 12> kIntegers = {
    0, 1, 2, 7, 31, 32, 63, 0x7f, 0x80, 0x7fff'ffff, 0x8000'0000, 0xffff'ffff};
constexpr std::array<uint64_t, 8> kWide = {0x7fff'ffff'ffff'ffff,
                                           0x8000'0000'0000'0000,
                                           0xffff'ffff'ffff'ffff,
                                           0x1'0000'0000,
                                           0xffff'ffff'0000'0000,
                                           0x0123'4567'89ab'cdef,
                                           64,
                                           0xff80};
// Each is both halves of a vector: zeros, NaNs, infinities, signs and equal lanes of all widths.
constexpr std::array<uint64_t, 9> kVectors = {0,
                                              0xffff'ffff'ffff'ffff,
                                              0x7ff8'0000'0000'0000,
                                              0x8000'0000'7fc0'0000,
                                              0x0123'4567'89ab'cdef,
                                              0x00ff'00ff'ff00'0001,
                                              0x7f80'0000'ff80'0000,
                                              0x8000'0000'0000'0000,
                                              0x0101'0101'8080'8080};
constexpr std::array<double, 18> kFloats = {0.0,  -0.0,  1.0,          -1.5, 0.5,           2.5,
                                            -3.5, 1e-40, -1e-310,      1e9,  3e9,           -3e9,
                                            1e19, -2e19, 2147483647.5, 1e30, 4294967295.75, -0.99};

std::vector<uint64_t> ValuesOf(char letter) {
  std::vector<uint64_t> values;
  if (letter == 'f' || letter == 'F') {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    std::vector<double> all(kFloats.begin(), kFloats.end());
    all.insert(all.end(), {kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()});
    for (const double value : all) {
      values.push_back(letter == 'F' ? std::bit_cast<uint64_t>(value)
                                     : std::bit_cast<uint32_t>(static_cast<float>(value)));
    }
    return values;
  }
  if (letter == 'V') return {kVectors.begin(), kVectors.end()};
  values.assign(kIntegers.begin(), kIntegers.end());
  if (letter == 'I') values.insert(values.end(), kWide.begin(), kWide.end());
  return values;
}

std::string TypeOfLetter(char letter, bool is_64) {
  switch (letter) {
    case 'i':
      return "i32";
    case 'I':
      return "i64";
    case 'f':
      return "f32";
    case 'F':
      return "f64";
    case 'V':
      return "v128";
    default:
      return is_64 ? "i64" : "i32";  // an address
  }
}

struct Case {
  std::string name;
  testcase::TestCase test_case;
};

wasm::Module Read(const std::string& text) {
  auto module = text::ReadModule(text);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message()) << "\n" << text;
  return module ? *std::move(module) : wasm::Module{};
}

Case PlainCase(const wasm::OpcodeInfo& info, bool is_64) {
  const size_t colon = info.signature.find(':');
  const std::string_view operands = info.signature.substr(0, colon);
  std::string text = fmt::format(
      "(module (memory (export \"m\") {} 1 2) (data (i32.const 0) \"\") (func (export \"f\") ",
      is_64 ? "i64" : "i32");
  if (is_64) text.replace(text.find("(data (i32"), 10, "(data (i64");
  for (const char letter : operands)
    text += fmt::format("(param {}) ", TypeOfLetter(letter, is_64));
  for (const char letter : info.signature.substr(colon + 1)) {
    text += fmt::format("(result {}) ", TypeOfLetter(letter, is_64));
  }
  for (size_t i = 0; i < operands.size(); ++i) text += fmt::format("(local.get {}) ", i);
  text += info.text;
  if (info.immediates == wasm::Immediates::V128) {
    text += " i64x2 3 4";
  } else if (info.text.ends_with(".const")) {
    text += " 3";
  }
  if (wasm::LaneCount(*wasm::FindMnemonic(info.text)) != 0) text += " 1";
  if (info.immediates == wasm::Immediates::Data) text += " 0";
  if (info.immediates == wasm::Immediates::Elem) {
    text.replace(text.find("(func"), 5, "(elem func) (func");
    text += " 0";
  }
  text += "))";
  Case made{fmt::format("{}{}", info.text, is_64 ? " (64)" : ""), {Read(text), {}}};
  std::vector<std::vector<uint64_t>> all(1);
  for (const char letter : operands) {
    std::vector<std::vector<uint64_t>> longer;
    for (const auto& arguments : all) {
      for (const uint64_t value : ValuesOf(letter)) {
        longer.push_back(arguments);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  for (auto& arguments : all) made.test_case.plan.calls.push_back({"f", std::move(arguments)});
  return made;
}

std::vector<Case> AllCases() {
  std::vector<Case> cases;
  for (const wasm::OpcodeInfo& info : wasm::AllOpcodes()) {
    if (!info.has_types() || !info.is_run) continue;
    for (const bool is_64 : {false, true}) {
      const bool has_address = info.signature.find('a') != std::string_view::npos;
      if (!is_64 || has_address) cases.push_back(PlainCase(info, is_64));
    }
  }
  for (const auto& entry :
       std::filesystem::directory_iterator(SLABHOUND_SOURCE_DIR "/corpus/opcodes")) {
    const auto bytes = ReadFile(entry.path().string(), 1u << 20);
    EXPECT_TRUE(bytes.has_value()) << entry.path();
    if (!bytes) continue;
    auto test_case = testcase::MakeTestCase(Read(std::string(bytes->begin(), bytes->end())));
    EXPECT_TRUE(test_case.has_value());
    if (test_case) cases.push_back({entry.path().filename().string(), *std::move(test_case)});
  }
  return cases;
}

std::vector<engine::EngineSpec> Engines() {
  std::vector<engine::EngineSpec> engines;
  for (const char* text :
       {"oracle", "slab:null:never", "slab:null:every-allocation", "slab:null:every-safepoint",
        "slab:mark_sweep:explicit", "slab:mark_sweep:every-3", "slab:mark_sweep:every-allocation",
        "slab:mark_sweep:every-safepoint"}) {
    engines.push_back(engine::ParseEngine(text).value());
  }
  return engines;
}

TEST(Opcodes, MeanTheSameInBothEngines) {
  const std::vector<engine::EngineSpec> engines = Engines();
  worker::Lab lab;
  lab.limits.fuel_total = 1'000'000;
  lab.limits.collection_cost_per_point = 0;  // at every point of the schedule
  for (const Case& each : AllCases()) {
    auto prepared = diff::Prepare(each.test_case);
    ASSERT_TRUE(prepared.has_value()) << each.name << ": " << prepared.error().Message();
    std::vector<trace::Trace> traces;
    for (const engine::EngineSpec& engine : engines) {
      traces.push_back(diff::Run(*prepared, engine, lab));
    }
    const diff::Verdict verdict = diff::Compare(engines, traces);
    EXPECT_EQ(diff::VerdictName(verdict.kind), "agree") << each.name << "\n" << verdict.explanation;
    if (!each.name.ends_with(".wat")) {
      const auto is_call = [](const trace::Event& e) { return e.kind == trace::EventKind::Call; };
      EXPECT_EQ(static_cast<size_t>(std::ranges::count_if(traces.front().events, is_call)),
                each.test_case.plan.calls.size())
          << each.name;
      continue;
    }
    for (const trace::Event& event : traces.front().events) {
      if (event.kind != trace::EventKind::Call) continue;
      const std::string_view expected = event.subject.starts_with("trap")    ? "trap"
                                        : event.subject.starts_with("throw") ? "throws"
                                                                             : "returns";
      EXPECT_TRUE(trace::HappeningText(event.what).starts_with(expected))
          << each.name << ": " << trace::EventText(event);
    }
  }
}

TEST(Opcodes, AreAllRun) {
  std::set<wasm::Opcode> seen;
  for (const Case& each : AllCases()) {
    for (const wasm::Function& function : each.test_case.module.functions) {
      for (const wasm::Instr& instr : function.body.code) seen.insert(instr.op);
    }
  }
  for (size_t op = 0; op < wasm::kOpcodeCount; ++op) {
    const wasm::OpcodeInfo& info = wasm::Info(static_cast<wasm::Opcode>(op));
    // Legacy exceptions are run as what they are lowered to.
    const bool is_run = info.is_run || info.feature == wasm::Feature::LegacyExceptions;
    EXPECT_TRUE(!is_run || seen.contains(static_cast<wasm::Opcode>(op))) << info.name;
  }
}

TEST(Bytecodes, AreAllRun) {
  std::set<bytecode::Code> seen;
  for (const Case& each : AllCases()) {
    wasm::ModuleBuilder builder;
    builder.module() = each.test_case.module;
    for (size_t i = 0; i < each.test_case.module.functions.size(); ++i) {
      for (const bytecode::Op& op : bytecode::Compile(builder, i).ops) seen.insert(op.code);
    }
  }
  seen.insert(bytecode::Code::Observe);  // src/reach/survey_test.cc runs it
  for (size_t code = 0; code < bytecode::kCodeCount; ++code) {
    if (code < wasm::kOpcodeCount) {
      // Taken over from Wasm are those with a plain signature that do anything at run time.
      const wasm::OpcodeInfo& info = wasm::Info(static_cast<wasm::Opcode>(code));
      const bool is_constant = info.text.ends_with(".const") && info.text != "v128.const";
      const bool is_lane_access = wasm::AccessesLane(static_cast<wasm::Opcode>(code));  // two ops
      if (!info.has_types() || !info.is_run || info.signature == ":" || is_constant ||
          is_lane_access) {
        continue;
      }
    }
    EXPECT_TRUE(seen.contains(static_cast<bytecode::Code>(code)))
        << bytecode::Info(static_cast<bytecode::Code>(code)).name;
  }
}

}  // namespace
}  // namespace slabhound::cli
