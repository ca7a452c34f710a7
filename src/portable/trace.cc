#include "portable/trace.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/hash.h"
#include "machine/outcome.h"
#include "testcase/meaning.h"
#include "trace/digest.h"
#include "trace/log.h"
#include "trace/state.h"

namespace slabhound::portable {
namespace {

using trace::EventWord;
using trace::Word;
using wasm::ValType;

// Reads one step's log; nothing comes out where it does not go on as a portable form's would.
class LogReader {
 public:
  explicit LogReader(std::span<const uint64_t> words) : words_(words) {}

  size_t at() const { return at_; }
  bool AtEnd() const { return at_ == words_.size(); }
  std::optional<uint64_t> Next() {
    if (AtEnd()) return std::nullopt;
    return words_[at_++];
  }
  bool Take(EventWord word) {
    if (AtEnd() || words_[at_] != static_cast<uint64_t>(word)) return false;
    ++at_;
    return true;
  }

 private:
  std::span<const uint64_t> words_;
  size_t at_ = 0;
};

// A walk, folded as trace::Digest mixes it.
class Fold {
 public:
  explicit Fold(LogReader& log) : log_(log) {}

  uint64_t hash() const { return hash_; }
  size_t objects() const { return objects_; }

  std::optional<uint64_t> Mix() {
    const auto word = log_.Next();
    if (word) hash_ = HashCombine(hash_, *word);
    return word;
  }

  // A reference as a field or root: what it is, for people.
  std::optional<std::string> Reference() {
    const auto word = Mix();
    if (!word) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::Null:
        return "null";
      case Word::New:
        return fmt::format("object #{}", objects_++);
      case Word::Cut:
        return "object beyond the walk";
      default:
        break;
    }
    const auto payload = Mix();
    if (!payload) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::I31:
        return fmt::format("i31 {}", *payload);
      case Word::Func:
        return trace::FunctionText(*payload);
      case Word::Host:
        return fmt::format("host {}", *payload);
      case Word::Seen:
        return fmt::format("object #{}", *payload);
      default:
        return std::nullopt;
    }
  }

  std::optional<uint64_t> Number() {
    if (Mix() != static_cast<uint64_t>(Word::Number)) return std::nullopt;
    return Mix();
  }

  // All objects that were met and not yet told.
  bool Objects() {
    for (; told_ < objects_; ++told_) {
      const auto kind = Mix(), type = Mix(), fields = Mix();
      if (!kind || !type || !fields) return false;
      for (uint64_t i = 0; i < *fields; ++i) {
        const auto word = Mix();
        if (!word) return false;
        const auto what = static_cast<Word>(*word);
        if (what == Word::FieldsOut) break;
        if (what == Word::Null || what == Word::Cut) continue;
        if (what == Word::New) {
          ++objects_;
        } else if (*word > static_cast<uint64_t>(Word::Number) || !Mix()) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  LogReader& log_;
  uint64_t hash_ = 0;
  size_t objects_ = 0, told_ = 0;
};

// A result or argument, as ValueText writes it.
std::optional<std::string> ReadValue(LogReader& log, ValType type) {
  if (!type.is_ref()) {
    const auto bits = log.Next();
    if (!bits) return std::nullopt;
    return trace::NumberText(type, *bits);
  }
  Fold fold(log);
  auto text = fold.Reference();
  if (!text || fold.objects() == 0) return text;
  if (!fold.Objects()) return std::nullopt;
  return fmt::format("object {}", HashText(fold.hash()));
}

class TraceMaker {
 public:
  TraceMaker(const wasm::Module& module, const testcase::Plan& plan)
      : module_(module), plan_(plan) {}

  trace::Trace Make(std::span<const PortableStep> steps) {
    for (size_t i = 0; i < steps.size() && i < plan_.calls.size() + 2 && !Ended(); ++i) {
      if (i == 0) {
        Instantiation(steps[i]);
      } else if (i <= plan_.calls.size()) {
        Call(plan_.calls[i - 1], steps[i]);
      } else {
        State(steps[i]);
      }
    }
    return std::move(trace_);
  }

 private:
  bool Ended() const { return trace_.heap_exhausted || ended_; }

  void Add(trace::EventKind kind, std::string subject, std::string text) {
    trace_.events.push_back({kind, std::move(subject), std::move(text) + imports_.TakeFolded()});
  }

  static std::string Unreadable(const LogReader& log) {
    return fmt::format("a log that cannot be read at word {}", log.at());
  }

  void Instantiation(const PortableStep& step) {
    const auto text = Outcome(step, nullptr);
    const bool ok = step.end == StepEnd::Returned && text == "returns";
    Add(trace::EventKind::Instantiate, {}, ok ? "ok" : *text);
    if (ok || Ended()) return;
    // There is no instance: nothing is called, and there is no state to tell.
    ended_ = true;
    if (step.end != StepEnd::Failed) {
      trace_.events.push_back(
          {trace::EventKind::State, "objects", fmt::format("0, {}", HashText(0))});
    }
  }

  void Call(const testcase::Call& call, const PortableStep& step) {
    if (fuel_gone_) return;
    const wasm::Module& module = module_;
    const wasm::Export* exported = module.FindExport(call.export_name);
    if (exported == nullptr || exported->kind != wasm::ExternKind::Func) {
      return Add(trace::EventKind::Call, call.export_name, "no such export");
    }
    const auto& signature =
        std::get<wasm::FuncType>(module.types[module.FunctionTypeIdx(exported->index)].composite);
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const uint64_t number = i < call.arguments.size() ? call.arguments[i] : 0;
      if (!testcase::ValueOf(signature.params[i], number)) {
        return Add(trace::EventKind::Call, call.export_name, "skipped: no argument of its type");
      }
    }
    const auto text = Outcome(step, &signature.results);
    if (text) Add(trace::EventKind::Call, call.export_name, *text);
  }

  // The events of a log and how its step ended; nothing for a call that was not made. Without
  // results it is instantiation.
  std::optional<std::string> Outcome(const PortableStep& step,
                                     const std::vector<ValType>* results) {
    LogReader log(step.log);
    while (log.Take(EventWord::Import)) {
      if (!Import(log)) return Ending(step, Unreadable(log));
    }
    if (step.log_cut) return Ending(step, {});
    std::string text;
    if (log.Take(EventWord::Throws)) {
      const auto exception = ReadValue(log, ValType::Ref(wasm::AbstractHeap::Exn, true));
      if (!exception) return Ending(step, Unreadable(log));
      text = "throws " + *exception;
    } else if (log.Take(EventWord::FuelOut)) {
      trace_.fuel_exhausted = true;
      text = "exhausted fuel";
    } else if (log.Take(EventWord::DepthOut)) {
      trace_.depth_exhausted = true;
      text = "exhausted call-depth";
    } else if (log.Take(EventWord::Uncaught)) {
      trace_.heap_exhausted = true;
      text = "exhausted host limit (exceptions)";
    } else if (log.Take(EventWord::HostTrap)) {
      text = "trap Host";
    } else if (log.Take(EventWord::NotRun)) {
      trace_.fuel_exhausted = true;
      fuel_gone_ = true;
      if (step.end == StepEnd::Returned && log.AtEnd()) return std::nullopt;
    } else if (step.end != StepEnd::Returned) {
      return Ending(step, log.AtEnd() ? std::string() : Unreadable(log));
    } else if (results == nullptr || log.Take(EventWord::Returns)) {
      text = "returns";
      for (size_t i = 0; results != nullptr && i < results->size(); ++i) {
        const auto value = ReadValue(log, (*results)[i]);
        if (!value) return Unreadable(log);
        text += " " + *value;
      }
    } else {
      return Unreadable(log);
    }
    if (!log.AtEnd()) return Ending(step, Unreadable(log));
    // Exceptions and budgets end a step one way or the other; a limit or failure is told.
    if (step.end == StepEnd::HostLimit || step.end == StepEnd::Failed) return Ending(step, {});
    return text;
  }

  // The text of a step that did not return, or whose log cannot be read.
  std::string Ending(const PortableStep& step, std::string unreadable) {
    if (step.log_cut) {
      trace_.heap_exhausted = true;
      return "exhausted host limit (log)";
    }
    switch (step.end) {
      case StepEnd::HostLimit:
        trace_.heap_exhausted = true;
        return fmt::format("exhausted host limit ({})", step.text);
      case StepEnd::Failed:
        return step.text;
      case StepEnd::Trapped:
        if (unreadable.empty()) return "trap " + step.text;
        return fmt::format("trap {} with {}", step.text, unreadable);
      case StepEnd::Returned:
        return unreadable;
    }
    return unreadable;
  }

  bool Import(LogReader& log) {
    const wasm::Module& module = module_;
    const auto number = log.Next();
    if (!number || *number >= module.imports.size()) return false;
    const wasm::Import& import = module.imports[*number];
    const auto* function = std::get_if<wasm::FuncRef>(&import.type);
    if (function == nullptr) return false;
    std::string text;
    for (const ValType param :
         std::get<wasm::FuncType>(module.types[function->type].composite).params) {
      const auto value = ReadValue(log, param);
      if (!value) return false;
      if (!text.empty()) text += ", ";
      text += *value;
    }
    imports_.Add(import.name, std::move(text));
    return true;
  }

  void State(const PortableStep& step) {
    if (step.end != StepEnd::Returned || step.log_cut) {
      return Add(trace::EventKind::State, "objects", Ending(step, {}));
    }
    LogReader log(step.log);
    const size_t first = trace_.events.size();
    if (!log.Take(EventWord::State) || !Exports(log) || !log.AtEnd()) {
      trace_.events.resize(first);
      Add(trace::EventKind::State, "objects", Unreadable(log));
    }
  }

  bool Exports(LogReader& log) {
    const wasm::Module& module = module_;
    Fold fold(log);
    std::set<std::pair<wasm::ExternKind, uint32_t>> told;
    for (const wasm::Export& exported : module.exports) {
      if (exported.kind == wasm::ExternKind::Func || exported.kind == wasm::ExternKind::Tag) {
        continue;
      }
      if (!told.emplace(exported.kind, exported.index).second) continue;
      const auto text = exported.kind == wasm::ExternKind::Global  ? Global(fold, exported.index)
                        : exported.kind == wasm::ExternKind::Table ? Table(fold)
                                                                   : Memory(fold);
      if (!text) return false;
      if (told.size() <= trace::kStateEventsMax) {
        trace_.events.push_back({trace::EventKind::State, exported.name, *text});
      }
    }
    if (!fold.Objects()) return false;
    trace_.events.push_back({trace::EventKind::State, "objects",
                             fmt::format("{}, {}", fold.objects(), HashText(fold.hash()))});
    return true;
  }

  ValType GlobalType(uint32_t index) const {
    for (const wasm::Import& import : module_.imports) {
      const auto* type = std::get_if<wasm::GlobalType>(&import.type);
      if (type == nullptr) continue;
      if (index == 0) return type->type;
      --index;
    }
    return module_.globals[index].type.type;
  }

  std::optional<std::string> Global(Fold& fold, uint32_t index) const {
    const ValType type = GlobalType(index);
    if (type.is_ref()) return fold.Reference();
    const auto bits = fold.Number();
    if (!bits) return std::nullopt;
    return trace::NumberText(type, *bits);
  }

  static std::optional<std::string> Table(Fold& fold) {
    const auto size = fold.Number();
    if (!size) return std::nullopt;
    for (uint64_t i = 0; i < *size; ++i) {
      if (!fold.Reference()) return std::nullopt;
    }
    return fmt::format("{} elements, {}", *size, HashText(fold.hash()));
  }

  static std::optional<std::string> Memory(Fold& fold) {
    const auto size = fold.Number();
    if (!size) return std::nullopt;
    const auto hash = fold.Number();
    if (!hash) return std::nullopt;
    return fmt::format("{} bytes, {}", *size, HashText(*hash));
  }

  const wasm::Module& module_;
  const testcase::Plan& plan_;
  trace::Trace trace_;
  trace::ImportEvents imports_{trace_};
  bool ended_ = false, fuel_gone_ = false;
};

}  // namespace

trace::Trace PortableTrace(const wasm::Module& module, const testcase::Plan& plan,
                           std::span<const PortableStep> steps) {
  return TraceMaker(module, plan).Make(steps);
}

}  // namespace slabhound::portable
