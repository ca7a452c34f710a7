#include "script/script.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/cursor.h"
#include "text/reader.h"
#include "text/vector.h"
#include "text/wat.h"
#include "wasm/byte_reader.h"

namespace slabhound::script {
namespace {

using machine::Ref;
using machine::RefKind;
using machine::Value;
using text::TokenKind;
using wasm::AbstractHeap;
using wasm::ErrorCode;
using wasm::ValType;

struct AssertionInfo {
  std::string_view keyword;
  bool takes_module;
};
constexpr AssertionInfo kAssertions[] = {
#define SLABHOUND_ASSERTION(name, keyword, takes_module) {keyword, takes_module},
#include "script/assertions.def"
};

struct HeapName {
  std::string_view name;
  AbstractHeap heap, bottom;
};
constexpr HeapName kHeapNames[] = {{"any", AbstractHeap::Any, AbstractHeap::None},
                                   {"eq", AbstractHeap::Eq, AbstractHeap::None},
                                   {"i31", AbstractHeap::I31, AbstractHeap::None},
                                   {"struct", AbstractHeap::Struct, AbstractHeap::None},
                                   {"array", AbstractHeap::Array, AbstractHeap::None},
                                   {"none", AbstractHeap::None, AbstractHeap::None},
                                   {"func", AbstractHeap::Func, AbstractHeap::NoFunc},
                                   {"nofunc", AbstractHeap::NoFunc, AbstractHeap::NoFunc},
                                   {"extern", AbstractHeap::Extern, AbstractHeap::NoExtern},
                                   {"noextern", AbstractHeap::NoExtern, AbstractHeap::NoExtern},
                                   {"exn", AbstractHeap::Exn, AbstractHeap::NoExn},
                                   {"noexn", AbstractHeap::NoExn, AbstractHeap::NoExn}};

const HeapName* FindHeap(std::string_view name) {
  for (const HeapName& each : kHeapNames) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

// Choices nest by recursion.
constexpr uint32_t kEitherDepthMax = 16;

class ScriptReader {
 public:
  explicit ScriptReader(const text::Tokens& tokens) : tokens_(tokens), in_(tokens) {}

  Result<Script, wasm::Error> Read() {
    Script script;
    script.source = tokens_.source;
    while (in_.ok() && in_.Peek().kind != TokenKind::End) {
      Command command;
      command.line = LineOf(in_.offset());
      ReadCommand(command);
      script.commands.push_back(std::move(command));
    }
    if (!in_.ok()) return Fail(in_.TakeError());
    return script;
  }

 private:
  // Commands come in order, so lines are counted once.
  uint32_t LineOf(uint32_t offset) {
    for (; counted_ < offset; ++counted_) line_ += tokens_.source[counted_] == '\n';
    return line_;
  }

  void ReadCommand(Command& command) {
    if (in_.AtList("module")) {
      command.what = ReadModuleCommand();
    } else if (in_.AtList("invoke") || in_.AtList("get")) {
      command.what = ReadAction();
    } else if (in_.TakeList("register")) {
      RegisterInstance registration;
      registration.module_name = ReadName();
      registration.instance = in_.TakeId();
      command.what = std::move(registration);
      in_.Close();
    } else if (const auto expectation = AtAssertion()) {
      in_.Open();
      in_.Next();
      command.what = ReadAssertion(*expectation);
      in_.Close();
    } else if (in_.AtList("input") || in_.AtList("output") || in_.AtList("script")) {
      in_.Fail(
          ErrorCode::Syntax,
          fmt::format("the command {} is not supported: a script is one file", in_.Peek(1).text));
    } else {
      if (in_.AtOpen()) in_.Next();
      in_.Unexpected("a command");
    }
  }

  std::optional<Expectation> AtAssertion() const {
    for (size_t i = 0; i < std::size(kAssertions); ++i) {
      if (in_.AtList(kAssertions[i].keyword)) return static_cast<Expectation>(i);
    }
    return std::nullopt;
  }

  std::string ReadName() {
    const uint32_t offset = in_.offset();
    std::string name = in_.String();
    if (!wasm::IsUtf8(AsBytes(name))) in_.FailAt(offset, ErrorCode::MalformedUtf8, {});
    return name;
  }

  std::variant<DefineModule, InstantiateModule, RegisterInstance, Action, Assertion>
  ReadModuleCommand() {
    in_.TakeList("module");
    if (in_.TakeWord("instance")) {
      InstantiateModule instance;
      instance.name = in_.TakeId();
      instance.definition = in_.TakeId();
      in_.Close();
      return instance;
    }
    DefineModule definition;
    definition.instantiate = !in_.TakeWord("definition");
    definition.name = in_.TakeId();
    definition.source = ReadSource();
    if (const auto* text = std::get_if<TextModule>(&definition.source)) Require(*text);
    return definition;
  }

  // Where a well-formed module must stand.
  void Require(const TextModule& text) {
    if (!text.module) {
      const wasm::Error& error = text.module.error();
      in_.FailAt(error.offset, error.code, error.detail);
    }
  }

  // Behind "(module $name", up to its end.
  ModuleSource ReadSource() {
    if (in_.TakeWord("binary")) {
      const std::string content = ReadStrings();
      const ByteSpan bytes = AsBytes(content);
      return BinaryModule{{bytes.begin(), bytes.end()}};
    }
    if (in_.TakeWord("quote")) return QuotedModule{ReadStrings()};
    const size_t place = in_.place();
    in_.SkipToClose();
    if (!in_.ok()) return TextModule{Fail(*in_.error())};
    auto module = text::Reader(tokens_).ReadFields(place);
    if (!module) return TextModule{Fail(std::move(module).error())};
    return TextModule{std::make_shared<const wasm::Module>(*std::move(module))};
  }

  std::string ReadStrings() {
    std::string content;
    while (in_.Peek().kind == TokenKind::String) content += in_.StringOf(in_.Next());
    in_.Close();
    return content;
  }

  Action ReadAction() {
    Action action;
    action.is_call = in_.AtList("invoke");
    in_.Open();
    in_.Next();
    action.instance = in_.TakeId();
    action.field = ReadName();
    while (action.is_call && !in_.AtClose()) action.arguments.push_back(ReadArgument());
    in_.Close();
    return action;
  }

  Assertion ReadAssertion(Expectation expectation) {
    const AssertionInfo& info = kAssertions[static_cast<size_t>(expectation)];
    Assertion assertion;
    assertion.expectation = expectation;
    const bool takes_action = !info.takes_module || expectation == Expectation::Trap;
    if (info.takes_module && in_.TakeList("module")) {
      in_.TakeId();
      assertion.subject = ReadSource();
      const auto* text = std::get_if<TextModule>(&std::get<ModuleSource>(assertion.subject));
      if (text && expectation != Expectation::Malformed) Require(*text);
    } else if (takes_action && (in_.AtList("invoke") || in_.AtList("get"))) {
      assertion.subject = ReadAction();
    } else {
      in_.Unexpected(!takes_action       ? "(module"
                     : info.takes_module ? "(module, (invoke or (get"
                                         : "(invoke or (get");
    }
    if (expectation == Expectation::Return) {
      while (!in_.AtClose()) assertion.results.push_back(ReadPattern(0));
    } else if (expectation != Expectation::Exception) {
      assertion.phrase = in_.String();
    }
    return assertion;
  }

  Value ReadArgument() {
    const uint32_t offset = in_.offset();
    const Pattern pattern = ReadPattern(0);
    if (const auto constant = ConstantOf(pattern)) return *constant;
    switch (pattern.kind) {
      case PatternKind::Null:
        if (pattern.heap) {
          const AbstractHeap bottom = FindHeap(wasm::TypeText(*pattern.heap))->bottom;
          return Value::Reference(ValType::Ref(bottom, true), Ref{});
        }
        break;
      case PatternKind::Host:
        return Value::Reference(ValType::Ref(*pattern.heap, false),
                                Ref{RefKind::Host, pattern.host});
      default:
        break;
    }
    in_.FailAt(offset, ErrorCode::Syntax, "expected a constant, found a pattern");
    return {};
  }

  Pattern ReadPattern(uint32_t depth) {
    Pattern pattern;
    if (in_.TakeList("either")) {
      pattern.kind = PatternKind::Either;
      if (depth >= kEitherDepthMax) in_.Fail(ErrorCode::LimitExceeded, "nested either");
      while (!in_.AtClose()) pattern.choices.push_back(ReadPattern(depth + 1));
      in_.Close();
      return pattern;
    }
    in_.Open();
    const text::Token head = in_.Next();
    if (!in_.ok()) return pattern;
    if (head.text == "i32.const") {
      pattern.number = {ValType::I32, ReadNumber(text::ReadInteger(Word(), 32)), {}};
    } else if (head.text == "i64.const") {
      pattern.number = {ValType::I64, ReadNumber(text::ReadInteger(Word(), 64)), {}};
    } else if (head.text == "f32.const" || head.text == "f64.const") {
      ReadFloat(pattern, head.text == "f32.const" ? ValType::F32 : ValType::F64);
    } else if (head.text == "v128.const") {
      ReadVector(pattern);
    } else if (head.text.starts_with("ref.")) {
      ReadReference(pattern, head);
    } else {
      in_.FailAt(head.offset, ErrorCode::Syntax,
                 fmt::format("expected a value, found {}", head.text));
    }
    in_.Close();
    return pattern;
  }

  std::string_view Word() const {
    return in_.Peek().kind == TokenKind::Word ? in_.Peek().text : std::string_view();
  }
  uint64_t ReadNumber(const text::Number& number) {
    in_.Check(number, "a number");
    return number.bits;
  }

  void ReadFloat(Pattern& pattern, ValType type) {
    pattern.number.type = type;
    if (in_.TakeWord("nan:canonical")) {
      pattern.kind = PatternKind::CanonicalNan;
    } else if (in_.TakeWord("nan:arithmetic")) {
      pattern.kind = PatternKind::ArithmeticNan;
    } else {
      pattern.number.bits =
          ReadNumber(type == ValType::F32 ? text::ReadF32(Word()) : text::ReadF64(Word()));
    }
  }

  void ReadVector(Pattern& pattern) {
    pattern.kind = PatternKind::Vector;
    text::VectorReader vector(in_);
    const ValType lane_type = vector.lane_bits() == 64
                                  ? (vector.is_float() ? ValType::F64 : ValType::I64)
                                  : (vector.is_float() ? ValType::F32 : ValType::I32);
    for (uint32_t i = 0; i < vector.lanes() && in_.ok(); ++i) {
      Pattern lane;
      if (vector.is_float()) {
        ReadFloat(lane, lane_type);
      } else {
        lane.number = {lane_type, vector.ReadLane(), {}};
      }
      pattern.choices.push_back(std::move(lane));
    }
  }

  void ReadReference(Pattern& pattern, const text::Token& head) {
    const std::string_view name = head.text.substr(4);
    if (name == "null") {
      pattern.kind = PatternKind::Null;
      if (in_.AtClose()) return;
      const HeapName* heap = FindHeap(Word());
      if (!heap) return in_.Unexpected("an abstract heap type");
      in_.Next();
      pattern.heap = heap->heap;
      return;
    }
    if (name == "host" || (name == "extern" && in_.AtNumber())) {
      pattern.kind = PatternKind::Host;
      pattern.heap = name == "host" ? AbstractHeap::Any : AbstractHeap::Extern;
      pattern.host = static_cast<uint32_t>(in_.Unsigned(32));
      return;
    }
    const HeapName* heap = FindHeap(name);
    if (!heap || heap->heap == heap->bottom) {
      return in_.FailAt(head.offset, ErrorCode::Syntax,
                        fmt::format("expected a value, found {}", head.text));
    }
    pattern.kind = PatternKind::Reference;
    pattern.heap = heap->heap;
  }

  const text::Tokens& tokens_;
  text::Cursor in_;
  uint32_t counted_ = 0, line_ = 1;
};

bool IsModuleField(std::string_view word) {
  constexpr std::string_view kFields[] = {"type",   "rec", "import", "func",  "table", "memory",
                                          "global", "tag", "export", "start", "elem",  "data"};
  return std::ranges::find(kFields, word) != std::end(kFields);
}

}  // namespace

std::string_view AssertionName(Expectation expectation) {
  return kAssertions[static_cast<size_t>(expectation)].keyword;
}

Result<Script, wasm::Error> ReadScript(std::string_view source) {
  TRY_ASSIGN(const text::Tokens tokens, text::Lex(source));
  const text::Cursor in(tokens);
  if (!in.AtOpen() || !IsModuleField(in.Peek(1).text)) return ScriptReader(tokens).Read();
  TRY_ASSIGN(wasm::Module module, text::ReadModule(source));
  Script script;
  script.source = source;
  DefineModule definition;
  definition.source = TextModule{std::make_shared<const wasm::Module>(std::move(module))};
  script.commands.push_back({.line = 1, .what = std::move(definition)});
  return script;
}

}  // namespace slabhound::script
