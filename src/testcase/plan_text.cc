#include "testcase/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "testcase/meaning.h"
#include "testcase/signatures.h"
#include "text/lexer.h"
#include "text/number.h"
#include "text/wat.h"

namespace slabhound::testcase {
namespace {

using text::TokenKind;
using wasm::ValType;

constexpr std::string_view kOpening = ";; plan:";

std::string NumberText(ValType type, uint64_t bits) {
  const auto low = static_cast<uint32_t>(bits);
  switch (type.kind()) {
    case wasm::TypeKind::I32:
      return fmt::format("i32:{}", static_cast<int32_t>(low));
    case wasm::TypeKind::I64:
      return fmt::format("i64:{}", static_cast<int64_t>(bits));
    case wasm::TypeKind::F32:
      return "f32:" + text::FloatText(low);
    case wasm::TypeKind::V128:
      return fmt::format("v128:0x{:x}", bits);
    default:
      return "f64:" + text::FloatText(bits);
  }
}

std::string ValueText(ValType type, const PlainValue& value) {
  switch (value.kind) {
    case PlainKind::Number:
      return NumberText(type, value.bits);
    case PlainKind::Null:
      return "null";
    case PlainKind::I31:
      return fmt::format("i31:{}", value.bits);
    case PlainKind::Host:
      return fmt::format("host:{}", value.bits);
  }
  return {};
}

// What stands behind the colon, by what stands before it.
text::Number ReadValue(std::string_view kind, std::string_view value) {
  if (kind == "i32") return text::ReadInteger(value, 32);
  if (kind == "i64") return text::ReadInteger(value, 64);
  if (kind == "f32") return text::ReadF32(value);
  if (kind == "f64") return text::ReadF64(value);
  if (kind == "v128") return text::ReadUnsigned(value, 64);
  if (kind == "i31") return text::ReadUnsigned(value, 31);
  return text::ReadUnsigned(value, 8);
}

// The kinds that a value of the type may be written as.
bool IsKindOf(ValType type, std::string_view kind) {
  if (!type.is_ref()) return kind == wasm::TypeText(type);
  if (type.heap().is_index()) return false;
  if (type.heap().Is(wasm::AbstractHeap::Extern)) return kind == "host";
  const auto value = ValueOf(type, 1);
  return kind == "i31" && value && value->kind == PlainKind::I31;
}

class PlanReader {
 public:
  PlanReader(std::string_view source, const wasm::Module& module)
      : source_(source), signatures_(module) {}

  Result<std::optional<Plan>, wasm::Error> Read() {
    for (size_t at = 0; at < source_.size(); ++line_) {
      const size_t end = std::min(source_.find('\n', at), source_.size());
      std::string_view line = source_.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.starts_with(kOpening)) TRY(ReadLine(line.substr(kOpening.size())));
      at = end + 1;
    }
    if (!any_) return std::optional<Plan>();
    if (!has_calls_) plan_.calls = DefaultPlan(signatures_.module(), plan_.seed).calls;
    return plan_;
  }

 private:
  using Status = Result<void, wasm::Error>;

  // `offset` counts from the opening's end.
  std::unexpected<wasm::Error> Wrong(size_t offset, std::string detail) const {
    return Fail(wasm::Error{.code = wasm::ErrorCode::Syntax,
                            .offset = 0,
                            .detail = "in a plan: " + std::move(detail),
                            .line = line_,
                            .column = static_cast<uint32_t>(kOpening.size() + offset + 1)});
  }

  Status ReadLine(std::string_view line) {
    any_ = true;
    const size_t first = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view word = line.substr(first, line.find(' ', first) - first);
    const size_t rest = std::min(line.find_first_not_of(' ', first + word.size()), line.size());
    if (word == "engine") return ReadEngine(line, rest);
    const auto tokens = text::Lex(line.substr(first));
    if (!tokens) return Wrong(first + tokens.error().offset, tokens.error().detail);
    tokens_ = tokens->list;
    strings_ = &tokens->strings;
    shift_ = first;
    next_ = 1;
    if (word == "seed") return ReadSeed();
    if (word == "limits") return ReadLimits();
    if (word == "call") return ReadCall();
    if (word == "no" && tokens_[next_].text == "calls") {
      ++next_;
      has_calls_ = true;
      return End();
    }
    return Wrong(first, "expected seed, limits, call, no calls or engine, found " + Shown(word));
  }

  static std::string Shown(std::string_view text) {
    constexpr size_t kShownBytesMax = 60;
    return text.empty() ? "the end of the line" : std::string(text.substr(0, kShownBytesMax));
  }
  const text::Token& Peek() const { return tokens_[std::min(next_, tokens_.size() - 1)]; }
  std::unexpected<wasm::Error> Unexpected(std::string_view wanted) const {
    return Wrong(shift_ + Peek().offset,
                 fmt::format("expected {}, found {}", wanted, Shown(Peek().text)));
  }
  Status End() const {
    if (Peek().kind != TokenKind::End) return Unexpected("the end of the line");
    return {};
  }

  Status ReadSeed() {
    const text::Number number = text::ReadUnsigned(Peek().text, 64);
    if (number.status != text::NumberStatus::Ok) return Unexpected("a seed of 64 bits");
    plan_.seed = number.bits;
    ++next_;
    return End();
  }

  // What is not said is a person's.
  Status ReadLimits() {
    Budgets budgets = plan_.budgets.value_or(kPersonBudgets);
    do {
      const std::string_view word = Peek().text;
      const size_t equals = std::min(word.find('='), word.size());
      const auto budget =
          std::ranges::find(AllBudgets(), word.substr(0, equals), &BudgetInfo::word);
      if (Peek().kind != TokenKind::Word || budget == AllBudgets().end()) {
        return Unexpected("a limit, as " + std::string(AllBudgets().front().word) + "=1000");
      }
      const text::Number number =
          text::ReadUnsigned(word.substr(std::min(equals + 1, word.size())), 64);
      if (number.status != text::NumberStatus::Ok || number.bits < budget->min ||
          number.bits > budget->max) {
        return Unexpected(fmt::format("{} from {} to {}", budget->word, budget->min, budget->max));
      }
      budgets.*budget->field = number.bits;
      ++next_;
    } while (Peek().kind != TokenKind::End);
    plan_.budgets = budgets;
    return {};
  }

  Status ReadEngine(std::string_view line, size_t at) {
    const std::string_view engine = line.substr(at);
    if (engine.empty() || engine.size() > kEngineBytesMax) {
      return Wrong(at, fmt::format("expected an engine, of at most {} bytes", kEngineBytesMax));
    }
    if (plan_.engines.size() == kEnginesMax) {
      return Wrong(at, fmt::format("more than {} engines", kEnginesMax));
    }
    plan_.engines.emplace_back(engine);
    return {};
  }

  Status ReadCall() {
    has_calls_ = true;
    if (Peek().kind != TokenKind::String) return Unexpected("an export's name in quotes");
    if (plan_.calls.size() == kCallsMax) {
      return Wrong(0, fmt::format("more than {} calls", kCallsMax));
    }
    Call call{(*strings_)[Peek().string], {}};
    ++next_;
    const wasm::FuncType* signature = signatures_.Find(call.export_name);
    while (Peek().kind != TokenKind::End) {
      const size_t index = call.arguments.size();
      if (index == kArgumentsMax) {
        return Wrong(0, fmt::format("more than {} arguments of a call", kArgumentsMax));
      }
      std::optional<ValType> param;
      if (signature != nullptr && index < signature->params.size()) {
        param = signature->params[index];
      }
      TRY_ASSIGN(const uint64_t number, ReadArgument(param));
      call.arguments.push_back(number);
      ++next_;
    }
    plan_.calls.push_back(std::move(call));
    return {};
  }

  Result<uint64_t, wasm::Error> ReadArgument(std::optional<ValType> param) const {
    constexpr std::string_view kWanted =
        "an argument, as i32:5, f64:nan, null, i31:3, host:1 or a bare number";
    const std::string_view word = Peek().text;
    const size_t colon = word.find(':');
    if (Peek().kind != TokenKind::Word) return Unexpected(kWanted);
    const auto mismatch = [&] {
      const std::string why = param ? "the parameter is " + wasm::TypeText(*param)
                                    : "there is no such parameter, and only bare numbers fit";
      return Wrong(shift_ + Peek().offset, fmt::format("{}: {}", Shown(word), why));
    };
    if (word == "null") {
      if (!param || !param->is_ref() || !param->nullable()) return mismatch();
      return uint64_t{0};
    }
    if (colon == std::string_view::npos) {
      const text::Number number = text::ReadUnsigned(word, 64);
      if (number.status != text::NumberStatus::Ok) return Unexpected(kWanted);
      return number.bits;
    }
    const std::string_view kind = word.substr(0, colon);
    if (!param || !IsKindOf(*param, kind)) return mismatch();
    const text::Number number = ReadValue(kind, word.substr(colon + 1));
    if (number.status != text::NumberStatus::Ok) return Unexpected(kWanted);
    const PlainKind plain = kind == "i31"    ? PlainKind::I31
                            : kind == "host" ? PlainKind::Host
                                             : PlainKind::Number;
    return NumberOf(*param, {plain, number.bits});
  }

  std::string_view source_;
  ExportSignatures signatures_;
  uint32_t line_ = 1;
  bool any_ = false, has_calls_ = false;
  Plan plan_;
  // Of the line at hand.
  std::vector<text::Token> tokens_;
  const std::vector<std::string>* strings_ = nullptr;
  size_t shift_ = 0, next_ = 0;
};

}  // namespace

std::string ArgumentText(uint64_t number, std::optional<ValType> param) {
  const auto value = param ? ValueOf(*param, number) : std::nullopt;
  if (!value || NumberOf(*param, *value) != number) return fmt::format("{}", number);
  return ValueText(*param, *value);
}

std::string CallText(const Call& call, const wasm::FuncType* signature) {
  std::string text = text::Quoted(call.export_name);
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const bool has_type = signature != nullptr && i < signature->params.size();
    text += ' ' + ArgumentText(call.arguments[i],
                               has_type ? std::optional(signature->params[i]) : std::nullopt);
  }
  return text;
}

std::string PlanText(const TestCase& test_case) {
  const Plan& plan = test_case.plan;
  std::string text = fmt::format("{} seed {}\n", kOpening, plan.seed);
  if (plan.budgets && plan.budgets != kPersonBudgets) {
    text += fmt::format("{} limits", kOpening);
    for (const BudgetInfo& info : AllBudgets()) {
      text += fmt::format(" {}={}", info.word, *plan.budgets.*info.field);
    }
    text += '\n';
  }
  for (const std::string& engine : plan.engines) {
    text += fmt::format("{} engine {}\n", kOpening, engine);
  }
  if (plan.calls.empty()) text += fmt::format("{} no calls\n", kOpening);
  const ExportSignatures signatures(test_case.module);
  for (const Call& call : plan.calls) {
    text +=
        fmt::format("{} call {}\n", kOpening, CallText(call, signatures.Find(call.export_name)));
  }
  return text;
}

Result<std::optional<Plan>, wasm::Error> ReadPlanText(std::string_view source,
                                                      const wasm::Module& module) {
  return PlanReader(source, module).Read();
}

std::string PrintTestCase(const TestCase& test_case) {
  return text::PrintModule(test_case.module) + PlanText(test_case);
}

Result<TestCase, std::string> ReadTestCaseText(std::string_view source) {
  auto module = text::ReadModule(source);
  if (!module) return Fail(module.error().Message());
  auto plan = ReadPlanText(source, *module);
  if (!plan) return Fail(plan.error().Message());
  const bool has_section =
      std::ranges::count(module->customs, kSectionName, &wasm::CustomSection::name) > 0;
  if (*plan && has_section) {
    return Fail(fmt::format("a plan in comments, and one in the custom section {}", kSectionName));
  }
  auto test_case = MakeTestCase(*std::move(module));
  if (!test_case) return Fail(std::move(test_case.error().message));
  if (*plan) test_case->plan = **std::move(plan);
  return *std::move(test_case);
}

}  // namespace slabhound::testcase
