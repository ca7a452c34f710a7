// Binaryen's module generator, in process: bytes (and, if wanted, an initial module) in, a Wasm
// module out.
//
// 1. The result is a function of (input, initial module, parameters, Binaryen's version), whatever
//    was generated before.
// 2. It lies in the language profile: no SIMD, threads, legacy exceptions, exact references or
//    other proposals.
// 3. There is no hang limit: loops and recursion may be infinite, fuel ends them.
// 4. Binaryen aborts the process on its own bugs and never frees its type store (about 5 KB a
//    module): call it in a process that is recycled.
// Only binaryen.cc and workers/binaryen/interpreter.cc know Binaryen's headers. Not thread-safe.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace slabhound::gen {

// The generator's parameters: upper bounds unless said otherwise.
struct BinaryenParameters {
  int params_max = 8;
  int vars_max = 12;
  int globals_max = 12;
  int tuple_size_max = 4;
  int struct_fields_max = 6;
  int array_elements_max = 40;  // of constant allocation sizes
  int heap_types_min = 4;
  int heap_types_max = 16;
  int new_gc_types_max = 16;
  int tries = 10;        // attempts at something that needs luck
  int nesting_soft = 9;  // beyond it nesting becomes unlikely
  int block_items_max = 5;
  int try_catches_max = 3;
  bool memory = false;     // loads, stores and bulk memory instructions
  bool exceptions = true;  // with gc only
  bool gc = true;          // GC, exceptions, tail calls and typed references; without: what wabt's
                           // interpreter knows
};

Bytes GenerateBinaryenModule(ByteSpan input, ByteSpan initial_module,
                             const BinaryenParameters& parameters);

// The version that is linked, for reports and reproduction.
std::string_view BinaryenVersion();

}  // namespace slabhound::gen
