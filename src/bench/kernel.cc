#include "bench/kernel.h"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "base/check.h"
#include "provide/assembly.h"
#include "text/wat.h"
#include "wasm/builder.h"

namespace slabhound::bench {
namespace {

constexpr std::string_view kRun = "run";

struct KernelText {
  std::string_view name, text;
};
constexpr KernelText kKernelTexts[] = {
#include "kernels.inc"
};

bool IsKernel(const wasm::Module& module) {
  const wasm::Export* run = module.FindExport(kRun);
  if (!module.imports.empty() || run == nullptr || run->kind != wasm::ExternKind::Func) {
    return false;
  }
  const wasm::TypeIdx type = module.FunctionTypeIdx(run->index);
  const auto* signature = std::get_if<wasm::FuncType>(&module.types[type].composite);
  return signature != nullptr && signature->params == std::vector{wasm::ValType::I32} &&
         signature->results == std::vector{wasm::ValType::I32};
}

}  // namespace

Result<Kernel, std::string> MakeKernel(std::string name, testcase::TestCase test_case) {
  auto prepared = diff::Prepare(std::move(test_case));
  if (!prepared) return Fail(fmt::format("{}: {}", name, prepared.error().Message()));
  if (!IsKernel(*prepared->module.module)) {
    return Fail(fmt::format(
        "{}: no kernel, which has no imports and exports run: (param i32) (result i32)", name));
  }
  return Kernel{std::move(name), *std::move(prepared)};
}

std::vector<Kernel> BuiltInKernels() {
  std::vector<Kernel> kernels;
  for (const KernelText& each : kKernelTexts) {
    auto module = text::ReadModule(each.text);
    CHECK(module.has_value());
    auto kernel = MakeKernel(std::string(each.name), {*std::move(module), {}});
    CHECK(kernel.has_value());
    kernels.push_back(*std::move(kernel));
  }
  return kernels;
}

wasm::Module KernelForWorker(const Kernel& kernel, uint32_t rounds) {
  const wasm::Module& module = *kernel.prepared.module.module;
  provide::Assembly assembly(module);
  const uint32_t log = assembly.AddFunctionImport(
      "slabhound", "log", assembly.AddFuncType({.params = {wasm::ValType::I64}, .results = {}}));
  wasm::Code step;
  step.I32(std::bit_cast<int32_t>(rounds)).Op(wasm::Opcode::Call, module.FindExport(kRun)->index);
  step.Op(wasm::Opcode::I64ExtendI32U).Op(wasm::Opcode::Call, log);
  const uint32_t function = assembly.AddFunction(assembly.AddFuncType({}), {}, step.Body());
  assembly.AddExport(kKernelStep, function);
  return std::move(assembly).Finish();
}

}  // namespace slabhound::bench
