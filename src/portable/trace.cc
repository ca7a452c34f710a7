#include "portable/trace.h"

#include <optional>
#include <set>

#include "base/hash.h"
#include "machine/machine.h"
#include "portable/bulk.h"
#include "testcase/meaning.h"
#include "trace/digest.h"
#include "trace/log.h"
#include "trace/state.h"

namespace slabhound::portable {
namespace {

using trace::EventKind;
using trace::EventWord;
using trace::Happening;
using trace::Told;
using trace::ToldKind;
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

// A walk, folded as trace::Digest mixes it. Its words go to `words`, if there is such a place.
class Fold {
 public:
  explicit Fold(LogReader& log, std::vector<uint64_t>* words) : log_(log), words_(words) {}

  uint64_t hash() const { return hash_; }
  size_t objects() const { return objects_; }

  std::optional<uint64_t> Mix() {
    const auto word = log_.Next();
    if (!word) return std::nullopt;
    hash_ = HashCombine(hash_, *word);
    if (words_ != nullptr) words_->push_back(*word);
    return word;
  }

  // A reference as a field or root: what it is.
  std::optional<Told> Reference() {
    const auto word = Mix();
    if (!word) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::Null:
        return Told{ToldKind::Null, 0};
      case Word::New:
        return Told{ToldKind::Root, objects_++};
      case Word::Cut:
        return Told{ToldKind::Cut, 0};
      default:
        break;
    }
    const auto payload = Mix();
    if (!payload) return std::nullopt;
    switch (static_cast<Word>(*word)) {
      case Word::I31:
        return Told{ToldKind::I31, *payload};
      case Word::Func:
        return trace::ToldFunction(*payload);
      case Word::Host:
        return Told{ToldKind::Host, *payload};
      case Word::Seen:
        return Told{ToldKind::Root, *payload};
      default:
        return std::nullopt;
    }
  }

  std::optional<wasm::V128> Vector() {
    if (Mix() != static_cast<uint64_t>(Word::Vector)) return std::nullopt;
    const auto low = Mix(), high = Mix();
    if (!low || !high) return std::nullopt;
    return wasm::V128{*low, *high};
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
        } else if (what == Word::Vector) {
          if (!Mix() || !Mix()) return false;
        } else if (*word > static_cast<uint64_t>(Word::Number) || !Mix()) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  LogReader& log_;
  std::vector<uint64_t>* words_;
  uint64_t hash_ = 0;
  size_t objects_ = 0, told_ = 0;
};

// A result or argument, as trace::TellValue tells it.
std::optional<Told> ReadValue(LogReader& log, ValType type, std::vector<uint64_t>* words) {
  if (!type.is_ref()) {
    const auto bits = log.Next();
    if (!bits) return std::nullopt;
    if (!type.is_vector()) return trace::ToldNumber(type, *bits);
    const auto high = log.Next();
    if (!high) return std::nullopt;
    return trace::ToldVector({*bits, *high});
  }
  const size_t words_before = words == nullptr ? 0 : words->size();
  Fold fold(log, words);
  auto told = fold.Reference();
  if (!told || fold.objects() == 0) {
    if (words != nullptr) words->resize(words_before);
    return told;
  }
  if (!fold.Objects()) return std::nullopt;
  return Told{ToldKind::Object, fold.hash()};
}

// The engine would not make an object.
bool IsRefusal(const Happening& end) {
  const auto* limit = std::get_if<trace::Exhausted>(&end);
  return limit != nullptr &&
         (limit->limit == trace::Limit::Allocation || limit->limit == trace::Limit::Memory);
}
bool IsUnknownTrap(const Happening& end) {
  const auto* trap = std::get_if<trace::Trapped>(&end);
  return trap != nullptr && trap->traps == trace::TrapSet::Any();
}

class TraceMaker {
 public:
  TraceMaker(const wasm::Module& module, const testcase::Plan& plan, uint64_t object_bytes_max,
             bool keep_walks)
      : module_(module),
        plan_(plan),
        object_bytes_max_(object_bytes_max),
        words_(keep_walks ? &trace_.walks.words() : nullptr) {}

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
    const bool stopped = !steps.empty() && IsRefusal(steps.back().end);
    if (stopped && !ended_ && steps.size() < plan_.calls.size() + 2) trace_.heap_exhausted = true;
    return std::move(trace_);
  }

 private:
  bool Ended() const { return trace_.heap_exhausted || ended_; }

  void Add(EventKind kind, std::string subject, Happening what) {
    trace_.walks.EndEvent(trace_.events.size());
    trace_.events.push_back({kind, std::move(subject), std::move(what), imports_.TakeFolded()});
  }

  void Instantiation(const PortableStep& step) {
    Happening what = *Outcome(step, nullptr);
    const bool ok = step.returned() && std::holds_alternative<trace::Returned>(what);
    if (ok) what = trace::Instantiated{};
    Add(EventKind::Instantiate, {}, std::move(what));
    if (ok || Ended()) return;
    // There is no instance: nothing is called, and there is no state to tell.
    ended_ = true;
    if (step.returned() || step.trapped() || trace_.size_exhausted) {
      trace_.events.push_back({EventKind::State, "objects", trace::ObjectsState{}});
    }
  }

  void Call(const testcase::Call& call, const PortableStep& step) {
    if (fuel_gone_) return;
    const wasm::Module& module = module_;
    const wasm::Export* exported = module.FindExport(call.export_name);
    if (exported == nullptr || exported->kind != wasm::ExternKind::Func) {
      return Add(EventKind::Call, call.export_name, trace::NotCalled{});
    }
    const auto& signature =
        std::get<wasm::FuncType>(module.types[module.FunctionTypeIdx(exported->index)].composite);
    for (size_t i = 0; i < signature.params.size(); ++i) {
      const uint64_t number = i < call.arguments.size() ? call.arguments[i] : 0;
      if (!testcase::ValueOf(signature.params[i], number)) {
        return Add(EventKind::Call, call.export_name, trace::NotCalled{.exported = true});
      }
    }
    auto what = Outcome(step, &signature.results);
    if (what) Add(EventKind::Call, call.export_name, *std::move(what));
  }

  trace::Exhausted Exhausted(trace::Limit limit) {
    trace_.NoteExhausted(limit);
    return {limit};
  }

  // The events of a log and how its step ended; nothing for a call that was not made. Without
  // results it is instantiation.
  std::optional<Happening> Outcome(const PortableStep& step, const std::vector<ValType>* results) {
    LogReader log(step.log);
    bool beyond_segment = false;
    for (;;) {
      if (log.Take(EventWord::BeyondSegment)) {
        beyond_segment = true;
      } else if (!log.Take(EventWord::Import)) {
        break;
      } else if (!Import(log)) {
        return Ending(step, log.at());
      }
    }
    if (step.log_cut) return Ending(step, {});
    Happening what;
    if (log.Take(EventWord::Large)) return Large(step, log, trace::Limit::ObjectSize);
    if (log.Take(EventWord::Huge)) return Large(step, log, trace::Limit::HugeObject);
    if (beyond_segment && log.AtEnd() && IsRefusal(step.end)) {
      return trace::Trapped{
          {machine::TrapKind::MemoryOutOfBounds, machine::TrapKind::TableOutOfBounds}};
    }
    const bool in_initializer =
        results == nullptr && log.AtEnd() && (IsRefusal(step.end) || IsUnknownTrap(step.end));
    if (in_initializer) {
      const auto large = FindLargeInitializer(module_, object_bytes_max_);
      if (large) return Exhausted(trace::LimitOf(machine::ResourceOf(large->bytes)));
    }
    if (log.Take(EventWord::Throws)) {
      const auto exception = ReadValue(log, ValType::Ref(wasm::AbstractHeap::Exn, true), words_);
      if (!exception) return Ending(step, log.at());
      what = trace::Threw{*exception};
    } else if (log.Take(EventWord::FuelOut)) {
      what = Exhausted(trace::Limit::Fuel);
    } else if (log.Take(EventWord::DepthOut)) {
      what = Exhausted(trace::Limit::CallDepth);
    } else if (log.Take(EventWord::Uncaught)) {
      what = Exhausted(trace::Limit::Exceptions);
    } else if (log.Take(EventWord::HostTrap)) {
      what = trace::Trapped{machine::TrapKind::Host};
    } else if (results != nullptr && log.Take(EventWord::NotRun)) {
      trace_.fuel_exhausted = true;
      fuel_gone_ = true;
      if (step.returned() && log.AtEnd()) return std::nullopt;
      return Ending(step, log.at());
    } else if (!step.returned()) {
      return Ending(step, log.AtEnd() ? std::nullopt : std::optional(log.at()));
    } else if (results == nullptr || log.Take(EventWord::Returns)) {
      trace::Returned returned;
      for (size_t i = 0; results != nullptr && i < results->size(); ++i) {
        const auto value = ReadValue(log, (*results)[i], words_);
        if (!value) return Ending(step, log.at());
        returned.values.push_back(*value);
      }
      what = std::move(returned);
    } else {
      return Ending(step, log.at());
    }
    if (!log.AtEnd()) return Ending(step, log.at());
    // Exceptions and budgets end a step one way or the other; a limit or failure is told.
    if (!step.returned() && !step.trapped()) return Ending(step, {});
    return what;
  }

  // What became of an object beyond the budget (rule 3).
  Happening Large(const PortableStep& step, LogReader& log, trace::Limit limit) {
    const bool made = log.Take(EventWord::LargeMade);
    const bool right = made && log.Take(EventWord::LargeRight);
    const bool wrong = made && !right && log.Take(EventWord::LargeWrong);
    if (!log.AtEnd() || step.returned()) return Ending(step, log.at());
    const bool refused = !made && (IsRefusal(step.end) || IsUnknownTrap(step.end));
    if (refused || (right && step.trapped())) return Exhausted(limit);
    if (wrong && step.trapped()) return trace::WrongObject{};
    return Ending(step, {});
  }

  // How a step ended that did not return, or whose log cannot be read from a word on.
  Happening Ending(const PortableStep& step, std::optional<size_t> unreadable) {
    if (step.log_cut) return Exhausted(trace::Limit::Log);
    if (const auto* limit = std::get_if<trace::Exhausted>(&step.end)) {
      trace_.NoteExhausted(limit->limit, limit->needs);
      return *limit;
    }
    if (!unreadable || (!step.returned() && !step.trapped())) return step.end;
    trace::Unreadable log{*unreadable, {}};
    if (step.trapped()) log.traps = std::get<trace::Trapped>(step.end).traps;
    return log;
  }

  bool Import(LogReader& log) {
    const wasm::Module& module = module_;
    const auto number = log.Next();
    if (!number || *number >= module.imports.size()) return false;
    const wasm::Import& import = module.imports[*number];
    const auto* function = std::get_if<wasm::FuncRef>(&import.type);
    if (function == nullptr) return false;
    trace::Imported call;
    for (const ValType param :
         std::get<wasm::FuncType>(module.types[function->type].composite).params) {
      const auto value = ReadValue(log, param, words_);
      if (!value) return false;
      call.arguments.push_back(*value);
    }
    imports_.Add(import.name, std::move(call));
    return true;
  }

  void State(const PortableStep& step) {
    if (!step.returned() || step.log_cut) {
      return Add(EventKind::State, "objects", Ending(step, {}));
    }
    LogReader log(step.log);
    const size_t first = trace_.events.size();
    if (log.Take(EventWord::State) && Exports(log) && log.AtEnd()) {
      trace_.walks.EndEvent(first);
    } else {
      trace_.events.resize(first);
      Add(EventKind::State, "objects", trace::Unreadable{log.at(), {}});
    }
  }

  bool Exports(LogReader& log) {
    const wasm::Module& module = module_;
    Fold fold(log, words_);
    std::set<std::pair<wasm::ExternKind, uint32_t>> told;
    for (const wasm::Export& exported : module.exports) {
      if (exported.kind == wasm::ExternKind::Func || exported.kind == wasm::ExternKind::Tag) {
        continue;
      }
      if (!told.emplace(exported.kind, exported.index).second) continue;
      auto what = exported.kind == wasm::ExternKind::Global  ? Global(fold, exported.index)
                  : exported.kind == wasm::ExternKind::Table ? Table(fold)
                                                             : Memory(fold);
      if (!what) return false;
      if (told.size() <= trace::kStateEventsMax) {
        trace_.events.push_back({EventKind::State, exported.name, *std::move(what)});
      }
    }
    if (!fold.Objects()) return false;
    trace_.events.push_back(
        {EventKind::State, "objects", trace::ObjectsState{fold.objects(), fold.hash()}});
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

  std::optional<Happening> Global(Fold& fold, uint32_t index) const {
    const ValType type = GlobalType(index);
    if (type.is_ref()) {
      const auto told = fold.Reference();
      if (!told) return std::nullopt;
      return trace::GlobalState{*told};
    }
    if (type.is_vector()) {
      const auto vector = fold.Vector();
      if (!vector) return std::nullopt;
      return trace::GlobalState{trace::ToldVector(*vector)};
    }
    const auto bits = fold.Number();
    if (!bits) return std::nullopt;
    return trace::GlobalState{trace::ToldNumber(type, *bits)};
  }

  static std::optional<Happening> Table(Fold& fold) {
    const auto size = fold.Number();
    if (!size) return std::nullopt;
    for (uint64_t i = 0; i < *size; ++i) {
      if (!fold.Reference()) return std::nullopt;
    }
    return trace::TableState{*size, fold.hash()};
  }

  static std::optional<Happening> Memory(Fold& fold) {
    const auto size = fold.Number();
    if (!size) return std::nullopt;
    const auto hash = fold.Number();
    if (!hash) return std::nullopt;
    return trace::MemoryState{*size, *hash};
  }

  const wasm::Module& module_;
  const testcase::Plan& plan_;
  uint64_t object_bytes_max_;
  trace::Trace trace_;
  std::vector<uint64_t>* words_;
  trace::ImportEvents imports_{trace_};
  bool ended_ = false, fuel_gone_ = false;
};

}  // namespace

trace::Trace PortableTrace(const wasm::Module& module, const testcase::Plan& plan,
                           std::span<const PortableStep> steps, uint64_t object_bytes_max,
                           bool keep_walks) {
  return TraceMaker(module, plan, object_bytes_max, keep_walks).Make(steps);
}

}  // namespace slabhound::portable
