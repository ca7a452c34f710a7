// A test case: a module, the calls to make, and the seed of what is not written down. One file: a
// .wasm whose custom section `slabhound` holds the plan, so that every engine can load it
// unchanged.
//
// 1. An argument is one 64-bit number; its meaning follows from the parameter's type, the same in
//    every engine: numbers take its low bits; a v128 has it twice; a nullable reference is null for
//    0; otherwise anyref, eqref and i31ref take an i31 of its low 31 bits, and externref the host
//    object of its low 8 bits; every other nullable reference is null. A parameter that admits no
//    value makes the call a skipped one, which the trace says.
// 2. Without the section the plan is the default one: every exported function in export order,
//    kDefaultRounds times, with arguments derived from (seed 0, export, round).
// 3. A plan may hold the budgets of a run. Without them the command that runs it has its defaults:
//    those of a person's case, which are therefore left out when a case is written.
// 4. Reading is total on hostile input: a bad section, or a second one, is an error with a
//    sentence.
// 5. The name section becomes the module's names (wasm/names.h), and is written again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "testcase/budgets.h"
#include "wasm/module.h"

namespace slabhound::testcase {

inline constexpr std::string_view kSectionName = "slabhound";
inline constexpr uint32_t kDefaultRounds = 2;
inline constexpr size_t kCallsMax = 10'000;
inline constexpr size_t kArgumentsMax = 1'000;        // of one call, as wasm::kParamsMax
inline constexpr size_t kSectionBytesMax = 4u << 20;  // more than the longest plan worth having
inline constexpr size_t kEnginesMax = 100;
inline constexpr size_t kEngineBytesMax = 1'000;

// Bounds that are no budgets (budgets.h).
inline constexpr uint64_t kMemoryPagesMax = 32;        // of one memory: how far it may grow
inline constexpr uint64_t kMemoryMinimumMax = 256;     // pages that one may start with
inline constexpr uint64_t kTableElementsMax = 10'000;  // of one table

struct Call {
  std::string export_name;
  std::vector<uint64_t> arguments = {};  // one for each parameter; missing ones are 0
  friend bool operator==(const Call&, const Call&) = default;
};

struct Plan {
  uint64_t seed = 0;
  std::vector<Call> calls = {};
  std::optional<Budgets> budgets = {};
  std::vector<std::string> engines = {};  // that run it unless others are chosen, as in --engine
  friend bool operator==(const Plan&, const Plan&) = default;
};

struct TestCase {
  wasm::Module module;  // without the plan's section
  Plan plan;
};

struct PlanError {
  std::string message;
};

// How far a module's memories may grow where they usually may to `usual` pages: some start with
// more.
uint64_t MemoryPagesMax(const wasm::Module& module, uint64_t usual = kMemoryPagesMax);
// "a memory of 300 pages, more than 256": why it cannot be had, in the same words everywhere.
std::string TooLargeText(std::string_view what, uint64_t size, std::string_view units,
                         uint64_t size_max);

// The plan of a module without one; it says nothing of budgets.
Plan DefaultPlan(const wasm::Module& module, uint64_t seed = 0);

// Takes the plan's section out of the module, or makes the default plan.
Result<TestCase, PlanError> MakeTestCase(wasm::Module module);

// The module with its plan; a default plan with seed 0 and a person's budgets is left out.
Bytes WriteTestCase(const TestCase& test_case);
// The bytes of a module without a plan, with these budgets: it is not decoded.
Bytes WithBudgets(Bytes module, const Budgets& budgets);
// The size of such bytes without a plan's section: what a reader of the module has to read.
size_t ModuleBytes(ByteSpan test_case);
// From such bytes, or those of any module. The error is one line.
Result<TestCase, std::string> ReadTestCase(ByteSpan bytes);

}  // namespace slabhound::testcase
