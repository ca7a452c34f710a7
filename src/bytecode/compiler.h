// The compiler: one validated function body to register bytecode with stack maps.
//
// 1. Operand-stack position p has the temporary local_count + p. Reads of locals and constants are
//    pending entries of the compile-time stack: they cost nothing until used, and are flushed to
//    their temporaries where control flow merges or their local is written.
// 2. Unreachable code is not compiled.
// 3. Every reference use in the bytecode is told traced or not, so that liveness is exact.
// 4. What is only made to be tested becomes part of the branch; a constant that is added, multiplied
//    or a mask becomes part of that op; what goes to a local only is made there.
// 5. A budget bounds time and memory; nothing comes back when it does not cover a function.
#pragma once

#include <optional>

#include "bytecode/budget.h"
#include "bytecode/bytecode.h"
#include "bytecode/linked_module.h"
#include "heap/fault.h"
#include "heap/layout.h"

namespace slabhound::bytecode {

// Compiles function `function` (of the module's definitions). Layouts are those of the type store,
// under the fault.
std::optional<Function> CompileFunction(const LinkedModule& linked, const wasm::Function& function,
                                        heap::LayoutTable& layouts, heap::Fault fault,
                                        CompileBudget& budget);

// Compiles a constant expression as a function without parameters and with one result.
std::optional<Function> CompileConstant(const LinkedModule& linked, const wasm::Body& body,
                                        wasm::ValType result, heap::LayoutTable& layouts,
                                        heap::Fault fault, CompileBudget& budget);

}  // namespace slabhound::bytecode
