// The host: what every import means, the same in every engine.
//
// fuzzing-support (Binaryen's generator)
//   log-T (T)                      an event with the argument
//   throw (i32)                    0: throws jstag with the host object kErrorObject; else wasmtag
//   with the number table-get (i32) -> funcref     on the exported table named "table"; no such
//   table, out of bounds, or during table-set (i32, funcref)       instantiation: throws jstag
//   call-export (i32, i32)         calls the export of that number with zeros and nulls and drops
//   the results; no such
//                                  export, during instantiation, a parameter of type i64, of an
//                                  exception type or without a default, or a result of an exception
//                                  type: throws jstag
//   call-export-catch (i32) -> i32 the same: 1 if an exception came out, else 0
//   call-ref (funcref, i32), call-ref-catch (funcref) -> i32   the same on a function reference
//   sleep (i32, i32) -> i32        its second argument
//   tags wasmtag (i32), jstag (externref)
// slabhound
//   gc ()                          a collection now
// Anything else
//   a function logs its call and returns zeros and nulls; it traps when a result has no default
//   a global is zero or null; externref: the host object (sum of the name's characters mod 251); a
//   non-null anyref, eqref or i31ref: i31 7 a table, memory or tag is a fresh one of the imported
//   type
// An import that admits none of these is refused, and the module is rejected with that reason.
#pragma once

#include <string>
#include <vector>

#include "diff/engine.h"
#include "diff/trace.h"

namespace slabhound::diff {

inline constexpr uint32_t kErrorObject = 0xbad;

class Host {
 public:
  Host(embed::Machine& machine, const Prepared& prepared, Trace& trace);

  // Externs for the module's imports, or why one cannot be had.
  Result<std::vector<embed::Extern>, std::string> Imports();

  // After instantiation: exports can be called and tables reached.
  void SetInstance(embed::InstanceId instance) { instance_ = instance; }

  // Logged import calls since the last time, beyond those that became events: " (n more, hash …)"
  // or nothing.
  std::string TakeFolded();

  // A value of the type for an argument or global; nothing when there is none (testcase.h, 1).
  std::optional<embed::Value> ValueOf(wasm::ValType type, uint64_t number) const;

 private:
  embed::Outcome CallImport(size_t import, std::span<const embed::Value> arguments);
  embed::Outcome Throw(embed::TagAddr tag, const embed::Value& payload);
  embed::Outcome ThrowError();
  embed::Outcome TableGet(const embed::Value& index);
  embed::Outcome TableSet(const embed::Value& index, const embed::Value& value);
  embed::Outcome CallExport(const embed::Value& index);
  embed::Outcome CallFunction(embed::FuncAddr function);
  embed::Outcome Log(const wasm::Import& import, std::span<const embed::Value> arguments);
  std::optional<embed::TableAddr> ExportedTable() const;

  embed::Machine& machine_;
  const Prepared& prepared_;
  Trace& trace_;
  std::optional<embed::InstanceId> instance_;
  embed::TagAddr number_tag_ = 0, error_tag_ = 0;
  wasm::ValType extern_type_ = wasm::ValType::Ref(wasm::AbstractHeap::Extern, true);
  size_t logged_ = 0, folded_ = 0;
  uint64_t folded_hash_ = 0;
};

}  // namespace slabhound::diff
