// Objects beyond the budget and what bulk instructions cost: portable forms tell what the test case
// itself tells, and whether an engine gave what it was asked for.
#include "portable/bulk.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "portable/fixture.h"
#include "text/wat.h"

namespace slabhound::portable {
namespace {

using engine::EngineSpec;
using testing::ElementsAre;
using wasm::Instr;
using wasm::Opcode;

constexpr uint64_t kObjectBytesMax = 800;  // the machine behind the form allows much more

testcase::TestCase Read(std::string_view source) {
  auto module = text::ReadModule(source);
  EXPECT_TRUE(module.has_value()) << (module ? "" : module.error().Message());
  return std::move(*testcase::MakeTestCase(std::move(*module)));
}

std::vector<std::string> Texts(const trace::Trace& trace) {
  std::vector<std::string> texts;
  for (const trace::Event& event : trace.events) {
    if (event.kind == trace::EventKind::Inside) break;
    texts.push_back(trace::EventText(event));
  }
  return texts;
}

trace::Trace Plain(const testcase::TestCase& test_case, const PortableOptions& options) {
  worker::Lab lab;
  lab.limits.machine.object_bytes_max = options.object_bytes_max;
  lab.limits.fuel_per_call = options.fuel_per_call;
  const auto prepared = diff::Prepare(test_case);
  EXPECT_TRUE(prepared.has_value());
  return diff::Run(*prepared, EngineSpec{}, lab);
}

trace::Trace Portable(const testcase::TestCase& test_case, const PortableOptions& options) {
  auto trace = RunAsPortable(test_case, options, EngineSpec{});
  EXPECT_TRUE(trace.has_value()) << (trace ? "" : trace.error());
  return trace ? *std::move(trace) : trace::Trace();
}

// That both tell the same, and what of the calls.
std::vector<std::string> Check(std::string_view source, const PortableOptions& options) {
  const testcase::TestCase test_case = Read(source);
  const trace::Trace plain = Plain(test_case, options), portable = Portable(test_case, options);
  EXPECT_EQ(Texts(plain), Texts(portable)) << source;
  EXPECT_FALSE(portable.heap_exhausted) << source;
  std::vector<std::string> texts;
  for (const trace::Event& event : portable.events) {
    if (event.kind == trace::EventKind::Call) texts.push_back(trace::HappeningText(event.what));
  }
  if (texts.size() % 2 == 0) texts.resize(texts.size() / 2);  // one round of two
  return texts;
}

constexpr std::string_view kTypes =
    "(type $bytes (array (mut i8))) (type $longs (array (mut i64))) (type $refs (array (mut "
    "anyref)))"
    "(data $data \"abcdefgh\") (elem $elem i31ref (ref.i31 (i32.const 1)))";

// A module whose export "run" asks for it, and whose export "behind" is called next.
std::string Asking(std::string_view expression) {
  return fmt::format(
      "(module {} (func (export \"run\") (result i32) (array.len {}))"
      "(func (export \"behind\") (result i32) (i32.const 5)))",
      kTypes, expression);
}

TEST(Bulk, AnObjectBeyondTheBudgetEndsItsCallAndNothingElse) {
  const PortableOptions options{.object_bytes_max = kObjectBytesMax};
  const auto check = [&](const char* expression, const char* ending) {
    EXPECT_THAT(Check(Asking(expression), options), ElementsAre(ending, "returns i32 5"))
        << expression;
  };
  for (const char* expression :
       {"(array.new_default $bytes (i32.const 801))",
        "(array.new $bytes (i32.const 1) (i32.const 801))",
        "(array.new_default $longs (i32.const 101))", "(array.new_default $refs (i32.const 101))",
        "(array.new $longs (i64.const 7) (i32.add (i32.const 100) (i32.const 1)))",
        "(array.new $refs (ref.i31 (i32.const 7)) (i32.const 101))",
        "(array.new_default $refs (i32.add (i32.const 100) (i32.const 1)))",
        "(array.new_default $bytes (i32.const 0x40000000))"}) {
    check(expression, "exhausted object-size");
  }
  for (const char* expression :
       {"(array.new_default $bytes (i32.const 0x40000001))",
        "(array.new_default $bytes (i32.const -1))",
        "(array.new_default $longs (i32.const 0x20000001))",
        "(array.new_default $longs (i32.sub (i32.const 0) (i32.const 1)))"}) {
    check(expression, "exhausted huge-object");
  }
}

TEST(Bulk, TheBudgetHoldsToTheByte) {
  for (const char* expression :
       {"(array.new_default $bytes (i32.const 800))", "(array.new_default $longs (i32.const 100))",
        "(array.new_default $refs (i32.add (i32.const 50) (i32.const 50)))"}) {
    const PortableOptions options{.object_bytes_max = kObjectBytesMax};
    EXPECT_THAT(Check(Asking(expression), options),
                ElementsAre(testing::StartsWith("returns i32 "), "returns i32 5"))
        << expression;
  }
}

TEST(Bulk, ASegmentsTrapComesBeforeTheSize) {
  const PortableOptions options{.object_bytes_max = 4};
  const auto run = [&](std::string_view expression) {
    return Check(Asking(expression), options).front();
  };
  for (const char* count : {"(i32.const 9)", "(i32.const -1)", "(i32.const 0x20000001)",
                            "(i32.sub (i32.const 0) (i32.const 1))"}) {
    EXPECT_EQ(run(fmt::format("(array.new_data $bytes $data (i32.const 0) {})", count)),
              "trap MemoryOutOfBounds");
    EXPECT_EQ(run(fmt::format("(array.new_elem $refs $elem (i32.const 0) {})", count)),
              "trap TableOutOfBounds");
  }
  EXPECT_EQ(run("(array.new_data $bytes $data (i32.const 0) (i32.const 5))"),
            "exhausted object-size");
  EXPECT_EQ(run("(array.new_data $bytes $data (i32.const 4) (i32.const 5))"),
            "trap MemoryOutOfBounds");
  EXPECT_EQ(
      run("(array.new_data $bytes $data (i32.const 0) (i32.add (i32.const 2) (i32.const 3)))"),
      "exhausted object-size");
  EXPECT_EQ(run("(array.new_elem $refs $elem (i32.const 0) (i32.const 1))"),
            "exhausted object-size");
  EXPECT_EQ(run("(array.new_fixed $longs 1 (i64.const 1))"), "exhausted object-size");
  EXPECT_EQ(
      run("(array.new_fixed $bytes 4 (i32.const 1) (i32.const 1) (i32.const 1) (i32.const 1))"),
      "returns i32 4");
}

TEST(Bulk, AStructureMayBeTooLargeToo) {
  const PortableOptions options{.object_bytes_max = 15};
  EXPECT_THAT(Check("(module (type $s (struct (field i64) (field anyref)))"
                    "(func (export \"run\") (drop (struct.new_default $s)))"
                    "(func (export \"behind\")))",
                    options),
              ElementsAre("exhausted object-size", "returns"));
}

TEST(Bulk, AnInitializerMayAskToo) {
  for (const char* field :
       {"(global $g (ref $bytes) (array.new_default $bytes (i32.const 801)))",
        "(global $g anyref (array.new $longs (i64.const 7) (i32.const 101)))",
        "(global $g anyref (array.new_default $bytes (i32.const -1)))",
        "(type $s (struct (field (ref $bytes))))"
        "(global $g (ref $s) (struct.new $s (array.new_default $bytes (i32.const 801))))",
        "(table 2 (ref $bytes) (array.new_default $bytes (i32.const 801)))",
        "(elem $e (ref $bytes) (array.new_default $bytes (i32.const 801)))"}) {
    const std::string source = fmt::format("(module {} {} (func (export \"run\")))", kTypes, field);
    const testcase::TestCase test_case = Read(source);
    const PortableOptions options{.object_bytes_max = kObjectBytesMax};
    const auto texts = Texts(Portable(test_case, options));
    EXPECT_EQ(texts, Texts(Plain(test_case, options))) << field;
    EXPECT_THAT(texts.front(), testing::AnyOf("exhausted object-size", "exhausted huge-object"))
        << field;
  }
}

TEST(Bulk, ObjectSizeComesBeforeFuelAndTrapsBeforeBoth) {
  // 102,400 elements are 50 of fuel.
  const PortableOptions options{.fuel_per_call = 40};
  EXPECT_EQ(Check(Asking("(array.new_default $bytes (i32.const 102400))"), options).front(),
            "exhausted object-size");
  const PortableOptions more{.fuel_per_call = 20, .object_bytes_max = 1u << 20};
  for (const char* count : {"(i32.const 51200)", "(i32.add (i32.const 51200) (i32.const 0))"}) {
    EXPECT_EQ(Check(Asking(fmt::format("(array.new_default $bytes {})", count)), more).front(),
              "exhausted fuel");
  }
}

// Bounds near 2^31 and 2^32: the trap comes, whatever the budget of fuel.
TEST(Bulk, HugeBoundsTrap) {
  const char* instructions[] = {
      "(array.fill $longs (global.get $g) {} (i64.const 1) {})",
      "(array.copy $longs $longs (global.get $g) {} (global.get $g) (i32.const 0) {})",
      "(array.copy $longs $longs (global.get $g) (i32.const 0) (global.get $g) {} {})",
      "(array.init_data $longs $data (global.get $g) {} (i32.const 0) {})",
      "(array.init_data $longs $data (global.get $g) (i32.const 0) {} {})",
      "(array.init_elem $refs $elem (global.get $h) {} (i32.const 0) {})",
      "(table.fill $t {} (ref.null any) {})",
      "(table.copy $t $t {} (i32.const 0) {})",
      "(table.init $t $elem {} (i32.const 0) {})",
      "(memory.fill {} (i32.const 1) {})",
      "(memory.copy {} (i32.const 0) {})",
      "(memory.init $data {} (i32.const 0) {})"};
  const std::pair<const char*, const char*> bounds[] = {
      {"(i32.const 0)", "(i32.const -1)"},
      {"(i32.const 1)", "(i32.const -1)"},
      {"(i32.const -1)", "(i32.const 1)"},
      {"(i32.const 2)", "(i32.const 0x80000000)"},
      {"(i32.const 2)", "(i32.const -4)"},
      {"(i32.const 0)", "(i32.const 0x20000001)"},
      {"(i32.const 0x20000000)", "(i32.const 1)"},
      {"(i32.const -1)", "(i32.const 0)"},
      {"(i32.const 0)", "(i32.sub (i32.const 0) (i32.const 1))"}};
  for (const char* instruction : instructions) {
    for (const auto& [to, count] : bounds) {
      const std::string code = fmt::format(fmt::runtime(instruction), to, count);
      const auto texts = Check(
          fmt::format("(module {} (global $g (ref $longs) (array.new_default $longs (i32.const 5)))"
                      "(global $h (ref $refs) (array.new_default $refs (i32.const 5)))"
                      "(table $t 5 anyref) (memory 1) (func (export \"run\") {}))",
                      kTypes, code),
          {});
      EXPECT_THAT(texts.front(), testing::StartsWith("trap ")) << code;
    }
  }
}

// What the form says of an engine that is wrong: the body of "run" is edited to be that. Between
// the count and the instruction a mark is logged.
std::string Wrong(std::string_view expression, void (*edit)(std::vector<Instr>& code, size_t at)) {
  const testcase::TestCase test_case = Read(Asking(expression));
  const PortableOptions options{.object_bytes_max = kObjectBytesMax};
  auto module = MakePortable(test_case, options);
  EXPECT_TRUE(module.has_value());
  std::vector<Instr>& code = module->functions[0].body.code;
  for (size_t i = 0; i < code.size(); ++i) {
    if (code[i].op != Opcode::ArrayNew && code[i].op != Opcode::ArrayNewDefault) continue;
    edit(code, i);
    break;
  }
  const auto prepared = testcase::Prepare({std::move(*module), {}});
  if (!prepared) return prepared.error().Message();
  const auto machine = diff::MakeMachine(EngineSpec{}, *prepared->types, PortableLimits());
  const PortableRun run = RunSteps(*machine, *prepared, test_case.plan.calls.size());
  return trace::HappeningText(
      PortableTrace(test_case.module, test_case.plan, run.steps, kObjectBytesMax)
          .events.at(1)
          .what);
}

TEST(Bulk, WhatAnEngineGivesInsteadIsAnotherEvent) {
  const std::string wrong = "a large object that is not what was asked for";
  const auto null = [](std::vector<Instr>& code, size_t at) {
    code[at] = {.op = Opcode::Drop};
    code.insert(code.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                {.op = Opcode::RefNull, .a = wasm::HeapType::Index(0).code()});
  };
  const auto shorter = [](std::vector<Instr>& code, size_t at) { code[at - 3].bits = 3; };
  const auto filled = [](std::vector<Instr>& code, size_t at) {
    code[at].op = Opcode::ArrayNew;
    code.insert(code.begin() + static_cast<std::ptrdiff_t>(at) - 3,
                {.op = Opcode::I32Const, .bits = 1});
  };
  const auto right = [](std::vector<Instr>&, size_t) {};
  EXPECT_EQ(Wrong("(array.new_default $bytes (i32.const 801))", right), "exhausted object-size");
  EXPECT_EQ(Wrong("(array.new_default $bytes (i32.const 801))", null), wrong);
  EXPECT_EQ(Wrong("(array.new_default $bytes (i32.const 801))", shorter), wrong);
  EXPECT_EQ(Wrong("(array.new_default $bytes (i32.const 801))", filled), wrong);
}

TEST(Bulk, CountsThatCostNothingAddNoCode) {
  const auto size = [](std::string_view count) {
    const auto module =
        MakePortable(Read(Asking(fmt::format("(array.new_default $longs {})", count))), {});
    return module ? module->functions[0].body.code.size() : 0;
  };
  EXPECT_LT(size("(i32.const 2047)"), size("(i32.const 2048)"));
  EXPECT_LT(size("(i32.const 2048)"), size("(i32.add (i32.const 1) (i32.const 1))"));
}

}  // namespace
}  // namespace slabhound::portable
