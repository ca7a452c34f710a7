// The host: what every import means, the same in every engine. This is the one place that says it.
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
//   slabhound.gc                       a collection now
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

#include "diff/digest.h"
#include "diff/engine.h"
#include "diff/trace.h"
#include "testcase/meaning.h"

namespace slabhound::diff {

class Host {
 public:
  // All three outlive the host. Values that calls log are walked within `walks`.
  Host(embed::Machine& machine, const Prepared& prepared, Trace& trace, WalkBudget& walks);

  // Externs for the module's imports, or why one cannot be had.
  Result<std::vector<embed::Extern>, std::string> Imports();

  // After instantiation: exports can be called and tables reached.
  void SetInstance(embed::InstanceId instance) { instance_ = instance; }

  // Logged calls that did not become events (trace.h).
  std::string TakeFolded() { return events_.TakeFolded(); }

  // A value of the type for an argument or global; nothing when there is none (testcase.h, 1).
  static std::optional<embed::Value> ValueOf(wasm::ValType type, uint64_t number);

 private:
  Result<embed::Extern, std::string> FunctionImport(size_t import, wasm::TypeId type);
  Result<embed::Extern, std::string> GlobalImport(const wasm::Import& import,
                                                  const wasm::GlobalType& type);
  Result<embed::Extern, std::string> TableImport(const wasm::TableType& type);
  Result<embed::Extern, std::string> MemoryImport(const wasm::MemoryType& type);
  Result<embed::Extern, std::string> TagImport(const wasm::Import& import, wasm::TypeId type);

  embed::Outcome CallImport(size_t import, testcase::Meaning meaning,
                            std::span<const embed::Value> arguments);
  embed::Outcome Throw(embed::TagAddr tag, const embed::Value& payload);
  embed::Outcome ThrowError();
  embed::Outcome TableGet(const embed::Value& index);
  embed::Outcome TableSet(const embed::Value& index, const embed::Value& value);
  embed::Outcome CallExport(const embed::Value& index);
  embed::Outcome CallRef(const embed::Value& function);
  embed::Outcome CallFunction(embed::FuncAddr function);
  embed::Outcome Log(const wasm::Import& import, std::span<const embed::Value> arguments);
  std::optional<embed::TableAddr> ExportedTable() const;

  embed::Machine& machine_;
  const Prepared& prepared_;
  ImportEvents events_;
  WalkBudget& walks_;
  std::optional<embed::InstanceId> instance_;
  embed::TagAddr number_tag_ = 0, error_tag_ = 0;
  uint64_t table_elements_ = 0, memory_pages_ = 0;  // of the imports so far
};

}  // namespace slabhound::diff
