// What materializing says of itself: the same portable form, and the same traces.
#include "diff/materialize.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "diff/dispatch.h"
#include "gen/generate.h"
#include "gen/seeds.h"
#include "rewrite/references.h"
#include "testcase/collections.h"
#include "testcase/prepared.h"
#include "text/wat.h"
#include "wasm/decode.h"
#include "worker/run.h"

namespace slabhound::diff {
namespace {

using wasm::Opcode;

engine::EngineSpec Engine(std::string_view text) { return *engine::ParseEngine(text); }

wasm::Module FormOf(const testcase::TestCase& test_case, const engine::EngineSpec& spec) {
  const auto prepared = testcase::Prepare(test_case);
  EXPECT_TRUE(prepared.has_value());
  const auto request = worker::MakeRequest(*prepared, spec, worker::Lab());
  EXPECT_TRUE(request.has_value()) << request.error();
  auto form = wasm::Decode(request->module);
  EXPECT_TRUE(form.has_value());
  return *std::move(form);
}

// Numbers of functions and imports that are told are constants.
bool IsNumber(const wasm::Instr& instr) {
  return instr.op == Opcode::I32Const || instr.op == Opcode::I64Const;
}

// Where the code of two forms differs, the second of which may have one more function and type.
std::string Difference(wasm::Module drawn, const wasm::Module& made, uint32_t types) {
  const auto imports = static_cast<uint32_t>(drawn.imports.size());
  const auto more = static_cast<uint32_t>(made.functions.size() - drawn.functions.size());
  const auto more_types = static_cast<uint32_t>(made.types.size() - drawn.types.size());
  if (made.imports.size() != imports || more > 1 || more_types > 1) return "other definitions";
  rewrite::VisitModule(drawn, [&](rewrite::Space space, uint32_t& index) {
    if (space == rewrite::Space::Func && index >= imports) index += more;
    if (space == rewrite::Space::Type && index >= types) index += more_types;
  });
  for (size_t i = 0; i < drawn.functions.size(); ++i) {
    const wasm::Function& a = drawn.functions[i];
    const wasm::Function& b = made.functions[i + more];
    if (a.type != b.type || a.locals != b.locals || a.body.code.size() != b.body.code.size()) {
      return fmt::format("function {}", i);
    }
    for (size_t at = 0; at < a.body.code.size(); ++at) {
      const wasm::Instr& x = a.body.code[at];
      const wasm::Instr& y = b.body.code[at];
      const bool counts = IsNumber(x) && y.bits == x.bits + more;
      if (x.op != y.op || x.a != y.a || x.b != y.b || (x.bits != y.bits && !counts)) {
        return fmt::format("function {}, instruction {}", i, at);
      }
    }
  }
  return "";
}

// Every module twice: its collections are instructions then, and nothing else changed.
size_t CheckForms(const testcase::TestCase& test_case, std::string_view engine) {
  const engine::EngineSpec spec = Engine(engine);
  const auto made = Materialize(test_case, spec);
  if (!made) return 0;  // it is invalid
  EXPECT_EQ(Difference(FormOf(test_case, spec), FormOf(made->test_case, made->spec),
                       static_cast<uint32_t>(test_case.module.types.size())),
            "");
  const auto again = Materialize(made->test_case, made->spec);
  EXPECT_EQ(engine::EngineText(again->spec), engine::EngineText(made->spec));
  size_t calls = 0;
  const testcase::Collections collections(made->test_case.module);
  for (const wasm::Function& function : made->test_case.module.functions) {
    calls += static_cast<size_t>(std::ranges::count_if(
        function.body.code, [&](const wasm::Instr& instr) { return collections.IsCall(instr); }));
  }
  return calls;
}

TEST(Materialize, FormsStayTheSame) {
  size_t calls = 0;
  for (const gen::Seed& seed : gen::Seeds()) {
    const auto test_case = testcase::ReadTestCase(seed.wasm);
    ASSERT_TRUE(test_case.has_value());
    for (const char* engine :
         {"wasmtime@50.0.1", "wasmtime@50.0.1:points=1,seed=1", "v8:gc=full,straight=all"}) {
      calls += CheckForms(*test_case, engine);
    }
  }
  for (uint64_t number = 0; number < 100; ++number) {
    const auto test_case =
        testcase::ReadTestCase(gen::Generate(gen::MakeRecipe(11, number, /*exceptions=*/true)));
    ASSERT_TRUE(test_case.has_value());
    calls += CheckForms(*test_case, number % 2 == 0 ? "wasmtime@50.0.1" : "v8:seed=7");
  }
  EXPECT_GT(calls, 1'000);
}

TEST(Materialize, TracesStayTheSame) {
  for (const gen::Seed& seed : gen::Seeds()) {
    const auto test_case = testcase::ReadTestCase(seed.wasm);
    const auto made = Materialize(*test_case, Engine("slab:mark_sweep:every-safepoint"));
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(engine::EngineText(made->spec), "slab:mark_sweep:explicit");
    const auto before = diff::Prepare(*test_case), after = diff::Prepare(made->test_case);
    ASSERT_TRUE(after.has_value()) << seed.name << ": " << after.error().Message();
    for (const engine::EngineSpec& spec : {engine::EngineSpec{}, made->spec}) {
      const trace::Trace plain = diff::Run(*before, spec, {}), calls = diff::Run(*after, spec, {});
      EXPECT_EQ(plain.fuel_exhausted, calls.fuel_exhausted) << seed.name;
      EXPECT_EQ(plain.events.size(), calls.events.size()) << seed.name;
    }
  }
}

testcase::TestCase Read(std::string_view source) {
  return *testcase::MakeTestCase(*text::ReadModule(source));
}

TEST(Materialize, AnEngineThatDrawsNothingSaysSo) {
  const testcase::TestCase plain = Read("(module (func (export \"run\")))");
  const auto spec_of = [&](const testcase::TestCase& test_case, const char* engine) {
    const auto made = Materialize(test_case, Engine(engine));
    return made ? engine::EngineText(made->spec) : "";
  };
  EXPECT_EQ(spec_of(plain, "v8:points=0,seed=3"), "v8:points=0,straight=even");
  EXPECT_EQ(spec_of(plain, "v8:gc=none,seed=3"), "v8:gc=none");
  EXPECT_EQ(spec_of(plain, "binaryen"), "binaryen");
  EXPECT_EQ(spec_of(plain, "slab:mark_sweep:explicit"), "slab:mark_sweep:explicit");
  EXPECT_EQ(spec_of(plain, "slab:copying:random-3-minor:fifo"), "slab:copying:explicit-minor:fifo");
  EXPECT_EQ(spec_of(plain, "slab:copying:pressure"), "slab:copying:pressure");  // nothing allocates
  EXPECT_EQ(spec_of(plain, "oracle"), "");
  EXPECT_EQ(spec_of(plain, "command:any {}"), "");
  EXPECT_EQ(spec_of(plain, "worker:any"), "worker[points=0]:any");
  EXPECT_EQ(spec_of(plain, "v8:collections=2/8"), "v8:points=0,collections=2");
  const testcase::TestCase own = Read(R"((module (import "wasmtime" "gc" (func $collect))
      (func (export "run") (call $collect))))");
  EXPECT_EQ(spec_of(own, "v8:points=1"), "v8:points=0");
  EXPECT_EQ(spec_of(plain, "v8:points=1"), "v8:points=0,straight=even");
}

TEST(Materialize, EverythingIsRenumbered) {
  const auto made = Materialize(Read(R"((module
      (type $s (struct)) (type $f (func))
      (import "env" "log" (func $log (param i32)))
      (func $first (export "first") (drop (struct.new $s)))
      (func $second (call $first) (drop (ref.func $third)))
      (func $third (type $f))
      (table funcref (elem $second))
      (elem declare func $third)
      (start $second)))"),
                                Engine("slab:mark_sweep:every-allocation"));
  ASSERT_TRUE(made.has_value());
  const wasm::Module& module = made->test_case.module;
  EXPECT_EQ(module.imports[0].name, "gc");
  EXPECT_EQ(module.start, 3u);
  EXPECT_EQ(module.exports[0].index, 2u);
  const std::vector<wasm::Instr>& code = module.functions[0].body.code;
  EXPECT_EQ(code[0].op, Opcode::Call);
  EXPECT_EQ(code[0].a, 0u);
  EXPECT_EQ(code[1].op, Opcode::StructNew);
  EXPECT_TRUE(testcase::Prepare(made->test_case).has_value());
}

}  // namespace
}  // namespace slabhound::diff
