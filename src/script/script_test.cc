// A script is read command by command, and what is not one is told with line and column. Patterns
// match what the specification lets them match.
#include "script/script.h"

#include <gtest/gtest.h>

#include "script/profile.h"

namespace slabhound::script {
namespace {

using machine::Ref;
using machine::RefKind;
using machine::Value;
using wasm::AbstractHeap;
using wasm::ValType;

// Requires: well formed.
Script Read(std::string_view source) {
  auto script = ReadScript(source);
  EXPECT_TRUE(script.has_value()) << script.error().Message();
  return script ? *std::move(script) : Script{};
}

std::string ErrorOf(std::string_view source) {
  const auto script = ReadScript(source);
  return script ? "" : script.error().Message();
}

TEST(Script, CommandsKnowTheirLines) {
  const Script script = Read(
      "(module $m)\n"
      "(module definition $d binary \"a\" \"b\") (module instance $i $d)\n"
      "(register \"n\" $m)\n\n"
      "(invoke $m \"f\" (i32.const 1) (ref.null func) (ref.extern 7))\n"
      "(get \"g\")\n"
      "(assert_return (invoke \"f\") (f32.const nan:canonical) (either (ref.null) (ref.i31)))\n"
      "(assert_malformed (module quote \"(mod\" \"ule)\") \"x\")");
  ASSERT_EQ(script.commands.size(), 8u);
  const uint32_t lines[] = {1, 2, 2, 3, 5, 6, 7, 8};
  for (size_t i = 0; i < 8; ++i) EXPECT_EQ(script.commands[i].line, lines[i]);

  const auto& definition = std::get<DefineModule>(script.commands[1].what);
  EXPECT_FALSE(definition.instantiate);
  EXPECT_EQ(definition.name, "d");
  EXPECT_EQ(std::get<BinaryModule>(definition.source).bytes, (Bytes{'a', 'b'}));
  const auto& instance = std::get<InstantiateModule>(script.commands[2].what);
  EXPECT_EQ(instance.name + "/" + instance.definition, "i/d");
  const auto& registration = std::get<RegisterInstance>(script.commands[3].what);
  EXPECT_EQ(registration.module_name + "/" + registration.instance, "n/m");
  const auto& call = std::get<Action>(script.commands[4].what);
  ASSERT_EQ(call.arguments.size(), 3u);
  EXPECT_EQ(call.arguments[1].type, ValType::Ref(AbstractHeap::NoFunc, true));
  EXPECT_EQ(call.arguments[2].ref, (Ref{RefKind::Host, 7}));
  EXPECT_FALSE(std::get<Action>(script.commands[5].what).is_call);
  const auto& assertion = std::get<Assertion>(script.commands[6].what);
  ASSERT_EQ(assertion.results.size(), 2u);
  EXPECT_EQ(PatternText(assertion.results[1]), "(either (ref.null) (ref.i31))");
  const auto& malformed = std::get<Assertion>(script.commands[7].what);
  EXPECT_EQ(std::get<QuotedModule>(std::get<ModuleSource>(malformed.subject)).source, "(module)");
}

TEST(Script, BareFieldsAreOneModule) {
  EXPECT_EQ(Read("(func) (memory 0)").commands.size(), 1u);
  EXPECT_EQ(Read("").commands.size(), 0u);
}

TEST(Script, MalformedTextIsOnlyForAssertMalformed) {
  EXPECT_EQ(ErrorOf("(assert_malformed (module (func br $x)) \"unknown label\")"), "");
  EXPECT_EQ(ErrorOf("\n(module (func br $x))"),
            "malformed: unknown name at 2:18: unknown label $x");
  EXPECT_EQ(ErrorOf("(assert_invalid (module (func br $x)) \"\")"),
            "malformed: unknown name at 1:34: unknown label $x");
}

TEST(Script, ErrorsTellTheirPlace) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"(module)\n (input \"x\")",
       "malformed: unexpected token at 2:2: the command input is not supported: a script is one "
       "file"},
      {"(module", "malformed: unexpected token at 1:8: expected ), found the end"},
      {"(foo)", "malformed: unexpected token at 1:2: expected a command, found foo"},
      {"x", "malformed: unexpected token at 1:1: expected a command, found x"},
      {"(assert_return (module))",
       "malformed: unexpected token at 1:16: expected (invoke or (get, found (module"},
      {"(assert_invalid (invoke \"f\") \"x\")",
       "malformed: unexpected token at 1:17: expected (module, found (invoke"},
      {"(assert_trap (invoke \"f\"))",
       "malformed: unexpected token at 1:26: expected a string, found )"},
      {"(invoke \"f\" (i32.const 4294967296))",
       "malformed: constant out of range at 1:24: 4294967296"},
      {"(invoke \"f\" (f32.const nan:canonical))",
       "malformed: unexpected token at 1:13: expected a constant, found a pattern"},
      {"(invoke \"f\" (ref.null 3))",
       "malformed: unexpected token at 1:23: expected an abstract heap type, found 3"},
      {"(assert_return (get \"g\") (ref.none))",
       "malformed: unexpected token at 1:27: expected a value, found ref.none"},
      {"(invoke \"f\" (v128.const f32x4 0 0 0 nan:canonical))",
       "malformed: unexpected token at 1:13: expected a constant, found a pattern"},
      {"(register \"\\ff\")", "malformed: malformed UTF-8 encoding at 1:11"},
  };
  for (const auto& [source, message] : cases) EXPECT_EQ(ErrorOf(source), message) << source;
}

TEST(Script, ChoicesNestWithinBounds) {
  std::string nested = "(assert_return (get \"g\") ";
  for (int i = 0; i < 100'000; ++i) nested += "(either ";
  EXPECT_TRUE(ErrorOf(nested).starts_with("limit: ")) << ErrorOf(nested);
}

// Which of the values each pattern takes.
TEST(Pattern, TakesWhatTheSpecificationLetsIt) {
  const wasm::TypeStore types;
  const auto ref = [](AbstractHeap heap, RefKind kind, uint32_t payload = 0) {
    return Value::Reference(ValType::Ref(heap, true), Ref{kind, payload});
  };
  const std::vector<std::pair<std::string_view, Value>> values = {
      {"i32 1", Value::I32(1)},
      {"i64 1", Value::I64(1)},
      {"f32 1", Value::F32Bits(0x3f80'0000)},
      {"f32 nan", Value::F32Bits(0xffc0'0000)},
      {"f32 quiet", Value::F32Bits(0x7fc0'0001)},
      {"f32 signalling", Value::F32Bits(0x7fa0'0000)},
      {"f64 nan", Value::F64Bits(0x7ff8'0000'0000'0000)},
      {"null any", ref(AbstractHeap::Any, RefKind::Null)},
      {"null func", ref(AbstractHeap::Func, RefKind::Null)},
      {"i31", ref(AbstractHeap::Any, RefKind::I31, 1)},
      {"struct", ref(AbstractHeap::Eq, RefKind::Struct)},
      {"array", ref(AbstractHeap::Any, RefKind::Array)},
      {"host 1", ref(AbstractHeap::Any, RefKind::Host, 1)},
      {"extern 1", ref(AbstractHeap::Extern, RefKind::Host, 1)},
      {"extern 2", ref(AbstractHeap::Extern, RefKind::Host, 2)},
      {"extern i31", ref(AbstractHeap::Extern, RefKind::I31, 1)},
      {"func", ref(AbstractHeap::Func, RefKind::Func)},
      {"exn", ref(AbstractHeap::Exn, RefKind::Exn)},
  };
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"(i32.const 1)", "i32 1;"},
      {"(i64.const 1)", "i64 1;"},
      {"(f32.const 1)", "f32 1;"},
      {"(f32.const nan:0x200000)", "f32 signalling;"},
      {"(f32.const nan:canonical)", "f32 nan;"},
      {"(f32.const nan:arithmetic)", "f32 nan;f32 quiet;"},
      {"(f64.const nan:canonical)", "f64 nan;"},
      {"(ref.null)", "null any;null func;"},
      {"(ref.null none)", "null any;"},
      {"(ref.null func)", "null func;"},
      {"(ref.any)", "i31;struct;array;host 1;"},
      {"(ref.eq)", "i31;struct;array;"},
      {"(ref.i31)", "i31;"},
      {"(ref.struct)", "struct;"},
      {"(ref.array)", "array;"},
      {"(ref.host 1)", "host 1;"},
      {"(ref.extern 1)", "extern 1;"},
      {"(ref.extern)", "extern 1;extern 2;extern i31;"},
      {"(ref.func)", "func;"},
      {"(ref.exn)", "exn;"},
      {"(either (i32.const 1) (ref.func))", "i32 1;func;"},
  };
  for (const auto& [text, expected] : cases) {
    const Script script = Read("(assert_return (get \"g\") " + std::string(text) + ")");
    const Pattern& pattern = std::get<Assertion>(script.commands.at(0).what).results.at(0);
    EXPECT_EQ(PatternText(pattern), text);
    std::string taken;
    for (const auto& [name, value] : values) {
      if (Matches(pattern, value, types)) taken += std::string(name) + ";";
    }
    EXPECT_EQ(taken, expected) << text;
  }
}

TEST(Profile, NamesFoldersAndFiles) {
  EXPECT_NE(FindLeftOut("data/proposals/simd/simd_load.wast"), nullptr);
  EXPECT_NE(FindLeftOut("wasm-v1/i32.wast"), nullptr);
  EXPECT_NE(FindLeftOut("x/proposals/memory64/binary.wast"), nullptr);
  EXPECT_EQ(FindLeftOut("x/memory64/binary.wast"), nullptr);
  EXPECT_EQ(FindLeftOut("wasm-v3/i32.wast"), nullptr);
}

}  // namespace
}  // namespace slabhound::script
