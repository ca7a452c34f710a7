// The portable form of a test case: a module that any engine runs with almost no embedder. All that
// in-process engines do around the test case's own module is in it, as Wasm: the plan, the meanings
// of imports, the observation of results, exceptions and final state, and budgets.
//
// What runs it
// 1. instantiates it, calls the exports `call 0`, `call 1`, … in order and then `state`, all of no
//    parameters and no results, and notes how each step ended: it returned or it trapped. After a
//    step that trapped the next one is called all the same. If instantiation fails, nothing is
//    called. No exception comes out of any step.
// 2. provides, from module "slabhound", those of these functions that it imports, nothing else:
//      log          (param i64)                    appends the number to the step's log; this is
//                                                  all there is to observe
//      gc                                          a collection now; or nothing
//      host         (param i32) (result externref) the host object of that number: the same object
//                                                  each time, another one for another number,
//                                                  never null
//      host-number  (param externref) (result i32) its number; 2^32-1 for what is none of them
//    Steps and logs become a trace in portable/trace.h, the one that in-process engines
//    give the test case itself, as far as it can be told in Wasm.
//
// What it is
// 3. It is valid if the test case's module is (that is required), deterministic in (test case,
//    options), and keeps what the module does up to the first budget that runs out.
// 4. Budgets: fuel for each call and for all, as in machine/machine.h F2: one for each function
//    entry and arrival at a loop header; bulk instructions cost as in F3, those that allocate
//    before their effect, the others behind it, growing nothing. Depth is that of F4, right over
//    exceptions and tail calls. Where one runs out a mark is logged and the step traps, at the
//    same event in every engine. What F6 refuses is asked of the engine all the same (bulk.h): that
//    it gives no such object is one more way to run out at the same event. An engine's own limit
//    may come earlier (many objects, a deep stack): its runner says so as a host limit, which ends
//    the comparison.
// 5. Memories and tables get maxima, so that growing fails at the same size everywhere.
// 6. A reference is told by the graph it reaches (trace/digest.h): the same walk, with the same
//    bounds, in Wasm. Its table of seen objects is a Wasm table, so that a walk allocates nothing.
//    A function is told by its number if its parameters and results have defaults (it is called,
//    and says its number), else by its type. Exceptions have no identity.
// 7. A module that throws nothing becomes one without exception instructions. With `exceptions` off
//    so does one that throws but never catches: what it throws is logged where it is thrown, and
//    the step traps. The imports that catch make their calls and tell their own errors; what is
//    thrown within such a call ends the comparison as a limit of the engine does.
// 8. It costs about three times the bytes and, in interpreters, twice the time of the test case
//    (portable_bench.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "engine/spec.h"
#include "testcase/testcase.h"
#include "trace/limits.h"

namespace slabhound::portable {

inline constexpr std::string_view kPortableModuleName = "slabhound";  // of what it imports
inline constexpr uint32_t kBulkShift = 11;  // units for one of fuel: machine::kBulkUnitsPerFuel

struct PortableOptions {
  bool exceptions = true;    // off: for engines without them
  bool host_objects = true;  // off: i31 values in their place, and no imports for them
  uint32_t fuel_per_call = testcase::kGeneratedBudgets.fuel_per_call;
  uint32_t fuel_total = testcase::kGeneratedBudgets.fuel_total;
  uint32_t call_depth_max = testcase::kGeneratedBudgets.call_depth_max;
  uint64_t object_bytes_max = testcase::kGeneratedBudgets.object_bytes_max;
  uint64_t memory_pages_max = testcase::kMemoryPagesMax;
  uint64_t table_elements_max = testcase::kTableElementsMax;
  uint32_t gc_one_in = 0;  // of the places for a call of `gc`, one in so many gets it; 0: none
  uint64_t gc_seed = 0;    // which ones
  std::optional<uint32_t> gc_per_call = {};  // further calls of `gc` in the same step are none
  // Functions whose budgets are calls.
  engine::Straight straight = engine::Straight::None;
};

// The options that keep these limits; what `options` says otherwise stays.
PortableOptions Within(const trace::RunLimits& limits, PortableOptions options = {});

struct PortableError {
  std::string message;  // what of the test case cannot be expressed
};

// Requires: the module is valid and has no legacy exceptions (testcase/prepared.h).
Result<wasm::Module, PortableError> MakePortable(const testcase::TestCase& test_case,
                                                 const PortableOptions& options);

// The self-checking form: a module without imports, whose exports `run`, `_start` and `main` are
// one function that does all steps once and returns normally if every step logged what it was
// expected to, and traps if not. `expected` holds LogHash of the logs of instantiation, of each
// call and of `state`, from a run of the portable form with the same options. When it ends earlier,
// the step behind the last one expected is one that must trap: it is run, no more, and returning
// normally means that it did not. Without `host_objects`; GC points are left out.
Result<wasm::Module, PortableError> MakeSelfChecking(const testcase::TestCase& test_case,
                                                     const PortableOptions& options,
                                                     std::span<const uint64_t> expected);

// The form for scripts: a portable form that keeps its collections, and nothing else that it
// imports. What a step logs goes into a hash, LogHash of it, which the export `logged` returns and
// clears. Without `host_objects`.
Result<wasm::Module, PortableError> MakeForScripts(const testcase::TestCase& test_case,
                                                   const PortableOptions& options);

}  // namespace slabhound::portable
