#include "worker/diagnose.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <csignal>
#include <cstring>

namespace slabhound::worker {
namespace {

using trace::FailureKind;

// What a program says of itself before it ends. `line` is where its message stands: 0 behind the
// marker, 1 on the next line.
struct Words {
  std::string_view marker;
  int line;
  FailureKind kind;
};
constexpr std::array kWords = {
    // V8 and Java tell this before anything else.
    Words{"JavaScript heap out of memory", 0, FailureKind::OutOfMemory},
    Words{"java.lang.OutOfMemoryError", 0, FailureKind::OutOfMemory},
    Words{"insufficient memory for the Java", 0, FailureKind::OutOfMemory},
    Words{"std::bad_alloc", 0, FailureKind::OutOfMemory},
    Words{"MemoryError", 0, FailureKind::OutOfMemory},
    Words{"memory allocation of ", 0, FailureKind::OutOfMemory},  // Rust
    Words{"panicked at ", 1, FailureKind::Panic},                 // Rust
    Words{"BUG: ", 0, FailureKind::Panic},                        // Wasmtime
    Words{"# Check failed: ", 0, FailureKind::Panic},             // V8
    Words{"# Debug check failed: ", 0, FailureKind::Panic},
    Words{"# Fatal error in ", 1, FailureKind::Panic},
    Words{"Fatal process out of memory: ", 0, FailureKind::OutOfMemory},
    // JavaScriptCore
    Words{"ASSERTION FAILED: MemoryExhaustion", 0, FailureKind::OutOfMemory},
    Words{"ASSERTION FAILED: ", 0, FailureKind::Panic},
    Words{"ERROR: AddressSanitizer: ", 0, FailureKind::Panic},
    Words{"broken invariant: ", 0, FailureKind::Panic},  // ours
    Words{"CHECK failed: ", 0, FailureKind::Panic},
    Words{"Assertion `", 0, FailureKind::Panic},  // the C library's assert
    Words{"terminate called after throwing ", 0, FailureKind::Panic},
    Words{"Exception in thread ", 0, FailureKind::Panic},  // Java
};

std::string_view LineAt(std::string_view text, size_t at, int skip) {
  for (; skip > 0; --skip) {
    const size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return {};
    at = end + 1;
  }
  return text.substr(at, text.find('\n', at) - at);
}

bool IsHex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

std::string StableText(std::string_view line) {
  constexpr size_t kSignatureMax = 120;
  std::string text;
  for (size_t i = 0; i < line.size() && text.size() < kSignatureMax;) {
    const char c = line[i];
    const bool number = c >= '0' && c <= '9' && (i == 0 || !IsWord(line[i - 1]));
    if (number) {
      if (line.substr(i).starts_with("0x")) i += 2;
      while (i < line.size() && IsHex(line[i])) ++i;
      text += 'N';
      continue;
    }
    if (c == '/') {
      text.resize(text.find_last_of(" ('\"`") + 1);
    } else if (c >= ' ' && c <= '~') {
      text += c;
    }
    ++i;
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

namespace {

// Messages that many places share get their source file, which Rust tells before them.
bool IsGeneric(std::string_view message) {
  for (const std::string_view start :
       {"assertion", "called `", "index out of bounds", "range ", "internal error: entered",
        "attempt to ", "not yet implemented", "explicit panic", "slice index", "mid > len"}) {
    if (message.starts_with(start)) return true;
  }
  return message.empty();
}

// "crates/wasmtime/src/runtime/types.rs:12:5:" -> "types.rs"
std::string_view SourceFile(std::string_view place) {
  place = place.substr(0, place.find(':'));
  return place.substr(place.rfind('/') + 1);
}

std::string SignalText(int number) {
  const char* name = sigabbrev_np(number);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace

bool ComesFromOutside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

trace::Failure Diagnose(const ExitStatus& status, std::string_view errors,
                        uint64_t data_bytes_max) {
  for (const Words& words : kWords) {
    const size_t at = errors.find(words.marker);
    if (at == std::string_view::npos) continue;
    if (words.kind == FailureKind::OutOfMemory) {
      return {words.kind, {}, std::string(errors)};
    }
    const size_t behind = at + words.marker.size();
    std::string message = StableText(LineAt(errors, behind, words.line));
    if (message.find("out of memory") != std::string::npos) {
      return {FailureKind::OutOfMemory, {}, std::string(errors)};
    }
    if (words.line == 1 && IsGeneric(message)) {
      message += fmt::format(" at {}", SourceFile(LineAt(errors, behind, 0)));
    }
    return {words.kind, std::move(message), std::string(errors)};
  }
  // Near the limit an allocation fails, and engines end in their own ways.
  if (data_bytes_max != 0 && status.peak_bytes >= data_bytes_max / 10 * 9) {
    return {FailureKind::OutOfMemory, {}, std::string(errors)};
  }
  if (status.signal == SIGABRT) return {FailureKind::Abort, {}, std::string(errors)};
  if (ComesFromOutside(status.signal)) {
    return {FailureKind::Killed, SignalText(status.signal), std::string(errors)};
  }
  if (status.signal != 0) {
    return {FailureKind::Crash, SignalText(status.signal), std::string(errors)};
  }
  return {FailureKind::Exit, fmt::format("code {}", status.code), std::string(errors)};
}

}  // namespace slabhound::worker
