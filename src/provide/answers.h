// What imports answered in one run: a file that scripts/record_imports.mjs writes, and that any
// host can be written down as.
//
//   slabhound-imports 1
//   global "teavmMemory" "heapOffset" i32:18432
//   memory "env" "memory" 33                          pages when the run began; `table` likewise
//   js-tag "intrinsics" "tag"                         this imported tag is WebAssembly.JSTag
//   start                                             the calls of instantiation
//     import "m" "f" i32:5 str:"a" -> host:0          a call, its arguments and results
//   ->
//   export "main"                                     the host calls an export, or a function that
//     import "m" "g" ref:1                            it was shown: `ref:1 i32:5`
//       write export "memory" 1024 00ff               meanwhile the host writes into a memory
//       export "callback" i32:1 -> i32:2              and calls back; `threw` for an exception
//     throw host:3                                    the host throws into the module
//   ->
//
// 1. A call with nothing meanwhile ends on its own line; any other ends with a line of its own:
//    `->` and the results, or of an import `trap` or `throw` with the object of JavaScript, or with
//    `import "m" "tag"` or `export "tag"` and the values; of a call of the host `threw`.
// 2. Values: i32:-1 i64:5 f32:nan f64:0.5 null i31:7 str:"…" export:"function", ref:N for what the
//    module was the first to show, host:N for any other object. Equal numbers are one object.
// 3. A string is of UTF-16 units: printable ASCII without " and \ as it is, all else \ and four
//    hexadecimal digits.
// 4. In a replay a string is an array, and an object a struct, of types that no module has of
//    itself: each in the group of both.
// 5. Blanks at the start of a line mean nothing; an empty line and one that starts with # neither.
// Reading is total: the error is one line with the line's number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace slabhound::provide {

inline constexpr size_t kAnswersBytesMax = 32u << 20;
inline constexpr size_t kAnswersLinesMax = 500'000;
inline constexpr size_t kAnswersDepthMax = 100;
inline constexpr size_t kReferencesMax = 100'000;  // numbers of objects

enum class ValueKind : uint8_t { I32, I64, F32, F64, Null, I31, String, Host, Ref, Export };
struct Value {
  ValueKind kind = ValueKind::Null;
  uint64_t bits = 0;  // the number's bits, or the object's number
  std::string text;   // String: two bytes a unit, little-endian; Export: its name
  friend bool operator==(const Value&, const Value&) = default;
};

// A function, memory or tag by what names it.
enum class TargetKind : uint8_t { Import, Export, Ref };
struct Target {
  TargetKind kind = TargetKind::Export;
  std::string module, name;
  uint64_t number = 0;  // Ref
  friend auto operator<=>(const Target&, const Target&) = default;
};

enum class EndKind : uint8_t { Returned, Threw, Trap, ThrowObject, ThrowTag };
struct End {
  EndKind kind = EndKind::Returned;
  Target tag;
  std::vector<Value> values;
  friend bool operator==(const End&, const End&) = default;
};

struct Write {
  Target memory;
  uint64_t address = 0;
  std::string bytes;
};

struct HostCall;
using Action = std::variant<HostCall, Write>;

// The host calls the module; the calls of imports meanwhile stand in Answers::imports.
struct HostCall {
  Target target;
  std::vector<Value> arguments;
  End end;
  uint32_t line = 0;
};

// One call of an import, and what the host did meanwhile.
struct ImportCall {
  std::vector<Value> arguments;
  std::vector<Action> actions;
  End end;
  uint32_t line = 0;
};

struct Import {
  std::string module, name;
  friend auto operator<=>(const Import&, const Import&) = default;
};
struct RecordedGlobal {
  Import import;
  Value value;
  uint32_t line = 0;
};
struct RecordedSize {
  Import import;
  uint64_t size = 0;
  bool is_table = false;
};
struct RecordedImport {
  Import import;
  std::vector<ImportCall> calls;  // in the order of their beginnings
};

struct Answers {
  std::vector<RecordedGlobal> globals;
  std::vector<RecordedSize> sizes;
  std::vector<Import> js_tags;
  std::vector<RecordedImport> imports;  // in the order of their first calls
  std::vector<Action> outside;          // what the host did when nothing of the module ran

  const RecordedImport* Find(std::string_view module, std::string_view name) const;
};

// The start of a text or name, for messages: whatever it is, printable and short.
std::string Shown(std::string_view text);

Result<Answers, std::string> ReadAnswers(std::string_view text);
// From a file; the error names it.
Result<Answers, std::string> ReadAnswersFile(const std::string& path);

}  // namespace slabhound::provide
