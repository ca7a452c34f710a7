#include "gen/binaryen.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "pass.h"
#include "support/threads.h"
#include "tools/fuzzing.h"
#include "wasm-binary.h"
#include "wasm.h"

namespace {

// FuzzParams has no constructor arguments: what setDefaults() installs is set here before each use.
slabhound::gen::BinaryenParameters g_parameters;

constexpr uint32_t kCoreFeatures = wasm::FeatureSet::MutableGlobals | wasm::FeatureSet::TruncSat |
                                   wasm::FeatureSet::SignExt | wasm::FeatureSet::BulkMemory |
                                   wasm::FeatureSet::BulkMemoryOpt |
                                   wasm::FeatureSet::ReferenceTypes | wasm::FeatureSet::Multivalue;
constexpr uint32_t kGcFeatures =
    wasm::FeatureSet::GC | wasm::FeatureSet::TailCall | wasm::FeatureSet::ExtendedConst;

}  // namespace

// Replaces Binaryen's own definition, which we leave out of the library.
void wasm::FuzzParams::setDefaults() {
  MAX_PARAMS = g_parameters.params_max;
  MAX_VARS = g_parameters.vars_max;
  MAX_GLOBALS = g_parameters.globals_max;
  MAX_TUPLE_SIZE = g_parameters.tuple_size_max;
  MAX_STRUCT_SIZE = g_parameters.struct_fields_max;
  MAX_ARRAY_SIZE = g_parameters.array_elements_max;
  MIN_HEAPTYPES = g_parameters.heap_types_min;
  MAX_HEAPTYPES = g_parameters.heap_types_max;
  TRIES = g_parameters.tries;
  NESTING_LIMIT = g_parameters.nesting_soft;
  BLOCK_FACTOR = g_parameters.block_items_max;
  USABLE_MEMORY = 16;
  HANG_LIMIT = 0;
  MAX_NEW_GC_TYPES = g_parameters.new_gc_types_max;
  MAX_TRY_CATCHES = g_parameters.try_catches_max;
}

namespace slabhound::gen {

Bytes GenerateBinaryenModule(ByteSpan input, ByteSpan initial_module,
                             const BinaryenParameters& parameters) {
  // One thread: Binaryen's pool costs more than it gives at this size. Read once, at its first
  // pass.
  static const int set_cores = setenv("BINARYEN_CORES", "1", 1);
  static_cast<void>(set_cores);

  g_parameters = parameters;
  wasm::Module module;
  const bool exceptions = parameters.gc && parameters.exceptions;
  module.features = wasm::FeatureSet(kCoreFeatures | (parameters.gc ? kGcFeatures : 0u) |
                                     (exceptions ? wasm::FeatureSet::ExceptionHandling : 0u));
  if (!initial_module.empty()) {
    const std::vector<char> bytes(initial_module.begin(), initial_module.end());
    wasm::WasmBinaryReader(module, module.features, bytes).read();
  }
  wasm::TranslateToFuzzReader reader(module, std::vector<char>(input.begin(), input.end()));
  reader.setAllowMemory(parameters.memory);
  reader.build();

  wasm::PassOptions options;
  options.validate = false;
  wasm::PassRunner passes(&module, options);
  passes.setDebug(false);
  passes.add("denan");
  if (exceptions) passes.add("translate-to-exnref");
  passes.run();

  wasm::BufferWithRandomAccess buffer;
  wasm::WasmBinaryWriter writer(&module, buffer, options);
  writer.setNamesSection(false);
  writer.setEmitModuleName(false);
  writer.write();
  return Bytes(buffer.begin(), buffer.end());
}

std::string_view BinaryenVersion() { return SLABHOUND_BINARYEN_VERSION; }

}  // namespace slabhound::gen
