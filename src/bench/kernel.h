// Kernels: small programs that are timed by the round, the same on every engine.
//
// 1. A kernel is a module without imports that exports run: (param i32) (result i32). It does so
//    many rounds of its work, one at least, and gives a checksum that follows from the number
//    alone.
// 2. The built-in ones are corpus/kernels/*.wat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "diff/dispatch.h"
#include "testcase/testcase.h"
#include "wasm/module.h"

namespace slabhound::bench {

struct Kernel {
  std::string name;
  diff::Prepared prepared;
};

// The error is one line: why the module is none.
Result<Kernel, std::string> MakeKernel(std::string name, testcase::TestCase test_case);
std::vector<Kernel> BuiltInKernels();

// What a worker (worker/protocol.h) is given: its step logs the checksum of so many rounds.
inline constexpr std::string_view kKernelStep = "kernel";
wasm::Module KernelForWorker(const Kernel& kernel, uint32_t rounds);

}  // namespace slabhound::bench
