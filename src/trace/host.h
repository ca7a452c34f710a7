// The host: what every import means, the same in every engine. This is the one place that says it.
// A person's case may have been given some of its imports before (provide/provide.h).
//
// Functions with exactly the signature that testcase/imports.def gives
//   fuzzing-support.throw              of 0 throws jstag with the host object kErrorObject, else
//                                      wasmtag with the number
//   fuzzing-support.table-get, -set    act on the exported table named "table"; no such table, out
//                                      of bounds, an element that is no funcref (get) or a table
//                                      that does not take any (set): an error
//   fuzzing-support.call-export        calls the export of that number, all kinds counted, with
//                                      zeros and nulls, and drops the results; an error if it is no
//                                      function
//   fuzzing-support.call-ref           the same with a function reference; null is an error
//   fuzzing-support.call-*-catch       the same: 1 if an exception came out, the error included,
//                                      else 0; traps pass through
//   fuzzing-support.sleep              returns its second argument
//   slabhound.gc                       a collection now; so do its other names in imports.def.
//                                      To call it costs nothing (machine/machine.h, F2 and F4)
// Calls within calls of these beyond kReentriesMax end the run as a heap that ran out does.
// An error throws jstag with kErrorObject. A function with a parameter of type i64, of an exception
// type or without a default, or with a result of an exception type, is not called: an error.
// Before instantiation has ended there are no exports and no table. Flags make no difference.
//
// Every other function, fuzzing-support.log-* among them, logs its call as an event of the trace
// and returns zeros and nulls; it traps when a result has no default.
//
// Tags: fuzzing-support.wasmtag (i32) and jstag (externref) are those thrown above; any other tag
// is a fresh one, as are tables and memories of the least size that the type admits, filled with
// zeros and nulls, i31 7 where null is not allowed.
//
// Globals are zero or null; an externref is the host object whose number is the sum of the name's
// bytes mod 251; a non-null anyref, eqref or i31ref is i31 7.
//
// An import that admits none of these, and one whose memories or tables exceed the limits, alone
// or in sum, is refused: the module is rejected with that reason.
#pragma once

#include <string>
#include <vector>

#include "testcase/meaning.h"
#include "testcase/prepared.h"
#include "trace/digest.h"
#include "trace/trace.h"

namespace slabhound::trace {

// A call through the host takes native stack.
inline constexpr uint32_t kReentriesMax = 200;

class Host {
 public:
  // All three outlive the host. Values that calls log are walked within `walks`.
  Host(machine::Machine& machine, const testcase::Prepared& prepared, Trace& trace,
       WalkBudget& walks);

  // Externs for the module's imports, or why one cannot be had.
  Result<std::vector<machine::Extern>, std::string> Imports();

  // After instantiation: exports can be called and tables reached.
  void SetInstance(machine::InstanceId instance) { instance_ = instance; }

  // Logged calls that did not become events (trace.h).
  FoldedImports TakeFolded() { return events_.TakeFolded(); }

  // A value of the type for an argument or global; nothing when there is none
  // (testcase/testcase.h, 1).
  static std::optional<machine::Value> ValueOf(wasm::ValType type, uint64_t number);

 private:
  Result<machine::Extern, std::string> FunctionImport(size_t import, wasm::TypeId type);
  Result<machine::Extern, std::string> GlobalImport(const wasm::Import& import,
                                                    const wasm::GlobalType& type);
  Result<machine::Extern, std::string> TableImport(const wasm::TableType& type);
  Result<machine::Extern, std::string> MemoryImport(const wasm::MemoryType& type);
  Result<machine::Extern, std::string> TagImport(const wasm::Import& import, wasm::TypeId type);

  machine::Outcome CallImport(size_t import, testcase::Meaning meaning,
                              std::span<const machine::Value> arguments);
  machine::Outcome Throw(machine::TagAddr tag, const machine::Value& payload);
  machine::Outcome ThrowError();
  machine::Outcome TableGet(const machine::Value& index);
  machine::Outcome TableSet(const machine::Value& index, const machine::Value& value);
  machine::Outcome CallExport(const machine::Value& index);
  machine::Outcome CallRef(const machine::Value& function);
  machine::Outcome CallFunction(machine::FuncAddr function);
  machine::Outcome Log(const wasm::Import& import, std::span<const machine::Value> arguments);
  std::optional<machine::TableAddr> ExportedTable() const;

  machine::Machine& machine_;
  const testcase::Prepared& prepared_;
  ImportEvents events_;
  WalkBudget& walks_;
  std::optional<machine::InstanceId> instance_;
  machine::TagAddr number_tag_ = 0, error_tag_ = 0;
  uint32_t reentries_ = 0;
  uint64_t table_elements_ = 0, memory_pages_ = 0;  // of the imports so far
};

}  // namespace slabhound::trace
