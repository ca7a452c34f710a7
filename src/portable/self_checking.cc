#include "portable/self_checking.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "oracle/machine.h"
#include "portable/steps.h"
#include "testcase/prepared.h"
#include "trace/log.h"

namespace slabhound::portable {
namespace {

using testcase::TestCase;
using Modules = std::vector<SelfChecking>;

class Exporter {
 public:
  Exporter(const TestCase& test_case, const PortableOptions& options, std::optional<uint64_t> wrong)
      : test_case_(test_case), options_(options), wrong_(wrong) {
    options_.host_objects = false;
    options_.gc_one_in = 0;
  }

  Result<Modules, std::string> Export() {
    TRY_ASSIGN(const PortableRun all, Run(test_case_));
    if (!all.steps.front().returned()) {
      TRY(AddTrap(TestCase{test_case_.module, {}}, all.steps.front(), {}));
      if (modules_.empty()) return Fail(std::string("instantiation ends at a limit"));
      return std::move(modules_);
    }
    // What a call did before it trapped is gone from the plan with it, and calls behind it may do
    // something else then: the plan is run again until all its calls return.
    TestCase kept = test_case_;
    if (kept.plan.calls.size() > kSelfCheckingCallsMax) {
      kept.plan.calls.resize(kSelfCheckingCallsMax);
    }
    for (;;) {
      TRY_ASSIGN(const PortableRun run, Run(kept));
      const std::vector<uint64_t> expected = Returning(run);
      if (expected.size() == run.steps.size()) {
        TRY(Add(kept, "returns", expected, /*traps=*/false));
        std::ranges::rotate(modules_, modules_.end() - 1);
        if (wrong_) {
          std::vector<uint64_t> changed = expected;
          changed[*wrong_ / 64 % changed.size()] ^= uint64_t{1} << (*wrong_ % 64);
          TRY(Add(kept, "wrong", changed, /*traps=*/true));
        }
        return std::move(modules_);
      }
      if (expected.size() > kept.plan.calls.size()) {
        return Fail(std::string("the final state ends at a limit"));
      }
      TestCase trapping = kept;
      trapping.plan.calls.resize(expected.size());
      if (modules_.size() < kTrapsMax) {
        TRY(AddTrap(trapping, run.steps[expected.size()], expected));
      }
      kept.plan.calls.erase(kept.plan.calls.begin() +
                            static_cast<std::ptrdiff_t>(expected.size() - 1));
    }
  }

 private:
  // What the steps logged, up to the first that did not return.
  static std::vector<uint64_t> Returning(const PortableRun& run) {
    std::vector<uint64_t> hashes;
    for (const PortableStep& step : run.steps) {
      if (!step.returned()) break;
      hashes.push_back(trace::LogHash(step.log));
    }
    return hashes;
  }

  Result<PortableRun, std::string> Run(const TestCase& test_case) const {
    auto module = MakePortable(test_case, options_);
    if (!module) return Fail(module.error().message);
    auto prepared = testcase::Prepare(TestCase{std::move(*module), {}});
    if (!prepared) return Fail("the portable form is invalid: " + prepared.error().Message());
    const auto machine = oracle::MakeMachine(*prepared->types, PortableLimits(options_));
    return RunSteps(*machine, *prepared, test_case.plan.calls.size());
  }

  Result<void, std::string> AddTrap(const TestCase& test_case, const PortableStep& step,
                                    std::span<const uint64_t> expected) {
    // An engine with higher limits would return.
    if (!step.trapped()) return {};
    return Add(test_case, fmt::format("traps-{}", modules_.size()), expected, /*traps=*/true);
  }

  Result<void, std::string> Add(const TestCase& test_case, std::string name,
                                std::span<const uint64_t> expected, bool traps) {
    auto module = MakeSelfChecking(test_case, options_, expected);
    if (!module) return Fail(module.error().message);
    const auto prepared = testcase::Prepare(TestCase{*module, {}});
    if (!prepared) return Fail("the module is invalid: " + prepared.error().Message());
    if (Traps(*prepared) != traps) return Fail(fmt::format("{} does not on the oracle", name));
    modules_.push_back({std::move(name), std::move(*module), traps, test_case.plan.calls.size()});
    return {};
  }

  bool Traps(const testcase::Prepared& prepared) const {
    const auto machine = oracle::MakeMachine(*prepared.types, PortableLimits(options_));
    const auto instance = machine->Instantiate(prepared.module, {});
    if (!instance) return true;
    const auto run = machine->FindExport(*instance, "run");
    CHECK(run.has_value());
    return !std::holds_alternative<machine::Returned>(machine->Call(run->address, {}));
  }

  const TestCase& test_case_;
  PortableOptions options_;
  std::optional<uint64_t> wrong_;
  Modules modules_;
};

}  // namespace

Result<Modules, std::string> ExportSelfChecking(const TestCase& test_case,
                                                const PortableOptions& options,
                                                std::optional<uint64_t> wrong) {
  return Exporter(test_case, options, wrong).Export();
}

}  // namespace slabhound::portable
