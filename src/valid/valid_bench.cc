// What one module costs before it runs: decoding, validation, encoding. The module has the shape
// and size of a generated one: about 2.5 KB, twenty types in one group, forty functions of casts,
// loops, calls and field accesses.
#include <benchmark/benchmark.h>

#include <memory>

#include "valid/valid_module.h"
#include "wasm/builder.h"
#include "wasm/decode.h"
#include "wasm/encode.h"

namespace slabhound::valid {
namespace {

using wasm::Code;
using wasm::HeapType;
using wasm::Opcode;
using wasm::ValType;

constexpr uint32_t kStructs = 20, kFunctions = 40;

wasm::ModuleBuilder MakeModule() {
  wasm::ModuleBuilder builder;
  std::vector<wasm::SubType> group;
  for (uint32_t i = 0; i < kStructs; ++i) {
    wasm::StructType type;
    type.fields.assign(1 + i / 4, {ValType::I32, true});
    type.fields.push_back({ValType::Ref(HeapType::Index(i % 4 == 3 ? i : i + 1), true), true});
    group.push_back({.is_final = false, .supers = {}, .composite = std::move(type)});
  }
  builder.Rec(std::move(group));
  const auto signature = builder.Func({ValType::I32, ValType::Ref(HeapType::Index(3), true)},
                                      {ValType::Ref(HeapType::Index(3), true)});
  builder.Memory({.min = 1, .max = {}, .is_64 = false});
  for (uint32_t i = 0; i < kFunctions; ++i) {
    const HeapType heap = HeapType::Index(3);
    Code code;
    code.Loop()
        .Op(Opcode::LocalGet, 0)
        .I32(1)
        .Op(Opcode::I32Sub)
        .Op(Opcode::LocalTee, 0)
        .If(ValType::Ref(heap, true))
        .Op(Opcode::LocalGet, 0)
        .Op(Opcode::LocalGet, 1)
        .Op(Opcode::Call, (i + 1) % kFunctions)
        .Else()
        .Op(Opcode::LocalGet, 1)
        .End()
        .Op(Opcode::LocalSet, 1)
        .Op(Opcode::LocalGet, 1)
        .Heap(Opcode::RefCastNull, heap)
        .Op(Opcode::LocalGet, 0)
        .Op(Opcode::StructSet, 3, 0)
        .Op(Opcode::LocalGet, 0)
        .Op(Opcode::BrIf, 0)
        .End()
        .I32(16)
        .Access(Opcode::I32Load, 2, 4)
        .Op(Opcode::LocalGet, 1)
        .Op(Opcode::StructNew, 3);
    builder.Define(signature, {ValType::I64}, code, std::string("f") + std::to_string(i));
  }
  return builder;
}

void BM_Decode(benchmark::State& state) {
  const Bytes bytes = wasm::Encode(MakeModule().module());
  for (auto _ : state) benchmark::DoNotOptimize(wasm::Decode(bytes));
  state.SetLabel(std::to_string(bytes.size()) + " bytes");
}
BENCHMARK(BM_Decode)->Unit(benchmark::kMicrosecond);

void BM_Validate(benchmark::State& state) {
  const auto module = std::make_shared<const wasm::Module>(MakeModule().module());
  for (auto _ : state) {
    wasm::TypeStore types;
    const auto valid = Validate(module, types);
    if (!valid) state.SkipWithError(valid.error().Message().c_str());
    benchmark::DoNotOptimize(valid);
  }
}
BENCHMARK(BM_Validate)->Unit(benchmark::kMicrosecond);

void BM_Encode(benchmark::State& state) {
  const wasm::ModuleBuilder builder = MakeModule();
  for (auto _ : state) benchmark::DoNotOptimize(wasm::Encode(builder.module()));
}
BENCHMARK(BM_Encode)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace slabhound::valid
