// A plan as comment lines of its module's text, written for people and read back:
//
//   ;; plan: seed 7
//   ;; plan: call "run" i32:-5 f64:nan null i31:3 host:1
//   ;; plan: limits fuel=1000 depth=20
//   ;; plan: engine slab:mark_sweep:every-allocation
//
// 1. A line counts that begins with `;; plan:`, wherever it stands. Without any the plan is the
//    default one; with some, but none about calls, its calls are those of the default plan of the
//    seed. `no calls` is a plan without any.
// 2. An argument is written as its parameter's type has it: a number behind its type (of a v128 the
//    64 bits that it has twice), null, i31:N, host:N. A bare number is the plan's own (testcase.h,
//    1), of a parameter that takes none of these or is not there.
// 3. What is written reads back to the same plan. Reading is total: a wrong line is one error with
//    its line and column.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "testcase/testcase.h"
#include "wasm/error.h"

namespace slabhound::testcase {

// "i32:5", "null", "host:3", or the number alone.
std::string ArgumentText(uint64_t number, std::optional<wasm::ValType> param);
// "\"run\" i32:5 null", with the signature of the export that the call names, if it is a function.
std::string CallText(const Call& call, const wasm::FuncType* signature);

// The comment lines. The types of arguments are the module's.
std::string PlanText(const TestCase& test_case);
// The plan in a text's comments; nothing if there is none.
Result<std::optional<Plan>, wasm::Error> ReadPlanText(std::string_view source,
                                                      const wasm::Module& module);

// A module's text with its plan: printed, and read. The error is one line.
std::string PrintTestCase(const TestCase& test_case);
Result<TestCase, std::string> ReadTestCaseText(std::string_view source);

}  // namespace slabhound::testcase
