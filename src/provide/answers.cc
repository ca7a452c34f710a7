#include "provide/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/file.h"
#include "provide/answers_lexer.h"

namespace slabhound::provide {
namespace {

using Done = Result<void, std::string>;

class Reader {
 public:
  Result<Answers, std::string> Read(std::string_view text) {
    uint32_t number = 0;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      ++number;
      if (auto done = ReadLine(line, number); !done) {
        return Fail(fmt::format("line {}: {}", number, done.error()));
      }
    }
    if (number == 0) return Fail(std::string("the file is empty"));
    if (!open_.empty()) {
      return Fail(fmt::format("line {}: the call has no end", open_.back().line));
    }
    return std::move(answers_);
  }

 private:
  // A call without its end yet: where it stands.
  struct Open {
    enum class Kind : uint8_t { Start, Import, Host } kind = Kind::Start;
    size_t import = 0, call = 0;  // of an import
    HostCall host;
    uint32_t line = 0;
  };

  Done ReadLine(std::string_view text, uint32_t number) {
    AnswersLine line(text);
    if (number == 1) {
      if (line.Take("slabhound-imports") && line.Take("1") && line.AtEnd()) return {};
      return Fail(std::string("a file of answers starts with 'slabhound-imports 1'"));
    }
    if (number > kAnswersLinesMax) return Fail(std::string("too many lines"));
    if (line.AtEnd() || line.StartsWith("#")) return {};
    line_ = number;
    if (line.Take("global")) return ReadGlobal(line);
    if (line.Take("memory")) return ReadSize(line, /*is_table=*/false);
    if (line.Take("table")) return ReadSize(line, /*is_table=*/true);
    if (line.Take("js-tag")) return ReadTag(line);
    if (line.Take("write")) return ReadWrite(line);
    if (IsEnd(line)) return ReadEnd(line);
    return ReadCall(line);
  }

  static Result<Import, std::string> ReadImport(AnswersLine& line) {
    Import import;
    TRY_ASSIGN(import.module, line.QuotedName());
    TRY_ASSIGN(import.name, line.QuotedName());
    return import;
  }

  static Done AtEnd(const AnswersLine& line) {
    if (!line.AtEnd()) return Fail(fmt::format("more than a line has: '{}'", line.Rest()));
    return {};
  }

  Done ReadGlobal(AnswersLine& line) {
    TRY_ASSIGN(Import import, ReadImport(line));
    TRY_ASSIGN(Value value, line.ReadValue());
    answers_.globals.push_back({std::move(import), std::move(value), line_});
    return AtEnd(line);
  }

  Done ReadSize(AnswersLine& line, bool is_table) {
    TRY_ASSIGN(Import import, ReadImport(line));
    TRY_ASSIGN(const uint64_t size, line.Number());
    answers_.sizes.push_back({std::move(import), size, is_table});
    return AtEnd(line);
  }

  Done ReadTag(AnswersLine& line) {
    TRY_ASSIGN(Import import, ReadImport(line));
    answers_.js_tags.push_back(std::move(import));
    return AtEnd(line);
  }

  Done ReadWrite(AnswersLine& line) {
    Write write;
    TRY_ASSIGN(write.memory, line.ReadTarget());
    if (write.memory.kind == TargetKind::Ref) return Fail(std::string("a memory has a name"));
    TRY_ASSIGN(write.address, line.Number());
    TRY_ASSIGN(write.bytes, line.Hex());
    TRY(AtEnd(line));
    return AddAction(std::move(write));
  }

  static bool IsEnd(const AnswersLine& line) {
    return line.StartsWith("->") || line.StartsWith("threw") || line.StartsWith("throw") ||
           line.StartsWith("trap");
  }

  static Result<std::vector<Value>, std::string> ReadValues(AnswersLine& line) {
    std::vector<Value> values;
    while (!line.AtEnd() && !IsEnd(line)) {
      TRY_ASSIGN(Value value, line.ReadValue());
      values.push_back(std::move(value));
    }
    return values;
  }

  Done ReadCall(AnswersLine& line) {
    if (open_.size() >= kAnswersDepthMax) return Fail(std::string("calls are nested too deeply"));
    Open open;
    open.line = line_;
    if (!line.Take("start")) {
      TRY_ASSIGN(Target target, line.ReadTarget());
      TRY_ASSIGN(std::vector<Value> arguments, ReadValues(line));
      if (target.kind == TargetKind::Import) {
        open.kind = Open::Kind::Import;
        if (open_.empty() || open_.back().kind == Open::Kind::Import) {
          return Fail(std::string("only the module calls an import: no call of it is open"));
        }
        open.import = ImportNumber({target.module, target.name});
        std::vector<ImportCall>& calls = answers_.imports[open.import].calls;
        open.call = calls.size();
        calls.push_back({std::move(arguments), {}, {}, line_});
      } else {
        open.kind = Open::Kind::Host;
        open.host = {std::move(target), std::move(arguments), {}, line_};
        if (!open_.empty() && open_.back().kind != Open::Kind::Import) {
          return Fail(std::string("the host calls only from an import, or when no call is open"));
        }
      }
    } else if (!open_.empty()) {
      return Fail(std::string("a start within a call"));
    }
    open_.push_back(std::move(open));
    return line.AtEnd() ? Done{} : ReadEnd(line);
  }

  Done ReadEnd(AnswersLine& line) {
    if (open_.empty()) return Fail(std::string("the end of no call"));
    End end;
    const std::string rest = line.Rest();
    const bool is_import = open_.back().kind == Open::Kind::Import;
    if (line.Take("->")) {
      TRY_ASSIGN(end.values, ReadValues(line));
    } else if (line.Take("threw") && !is_import) {
      end.kind = EndKind::Threw;
    } else if (line.Take("trap") && is_import) {
      end.kind = EndKind::Trap;
    } else if (line.Take("throw") && is_import) {
      TRY(ReadThrow(line, end));
    } else {
      return Fail(fmt::format("no end of such a call: '{}'", rest));
    }
    TRY(AtEnd(line));
    Open open = std::move(open_.back());
    open_.pop_back();
    if (is_import) {
      answers_.imports[open.import].calls[open.call].end = std::move(end);
    } else if (open.kind == Open::Kind::Host) {
      open.host.end = std::move(end);
      return AddAction(std::move(open.host));
    }
    return {};
  }

  static Done ReadThrow(AnswersLine& line, End& end) {
    end.kind = EndKind::ThrowObject;
    if (line.StartsWith("import ") || line.StartsWith("export ")) {
      end.kind = EndKind::ThrowTag;
      TRY_ASSIGN(end.tag, line.ReadTarget());
    }
    TRY_ASSIGN(end.values, ReadValues(line));
    if (end.kind == EndKind::ThrowObject && end.values.size() > 1) {
      return Fail(std::string("one object is thrown"));
    }
    return {};
  }

  // To the innermost call, which is an import's, or outside.
  Done AddAction(Action action) {
    if (open_.empty()) {
      answers_.outside.push_back(std::move(action));
      return {};
    }
    const Open& open = open_.back();
    if (open.kind != Open::Kind::Import) return Fail(std::string("the host is not running here"));
    answers_.imports[open.import].calls[open.call].actions.push_back(std::move(action));
    return {};
  }

  size_t ImportNumber(const Import& import) {
    const auto [found, is_new] = numbers_.emplace(import, answers_.imports.size());
    if (is_new) answers_.imports.push_back({import, {}});
    return found->second;
  }

  Answers answers_;
  std::map<Import, size_t> numbers_;
  std::vector<Open> open_;
  uint32_t line_ = 0;
};

}  // namespace

const RecordedImport* Answers::Find(std::string_view module, std::string_view name) const {
  const auto found = std::ranges::find_if(imports, [&](const RecordedImport& each) {
    return each.import.module == module && each.import.name == name;
  });
  return found == imports.end() ? nullptr : &*found;
}

Result<Answers, std::string> ReadAnswers(std::string_view text) { return Reader().Read(text); }

Result<Answers, std::string> ReadAnswersFile(const std::string& path) {
  const auto content = ReadFile(path, kAnswersBytesMax);
  if (!content) return Fail(content.error().message);
  auto answers = ReadAnswers(AsText(*content));
  if (!answers) return Fail(fmt::format("{}: {}", path, answers.error()));
  return *std::move(answers);
}

}  // namespace slabhound::provide
