#include "diff/signature.h"

#include <fmt/format.h>

#include "base/check.h"
#include "base/hash.h"

namespace slabhound::diff {
namespace {

std::string_view RecursText(trace::Recurs recurs) {
  switch (recurs) {
    case trace::Recurs::EveryTime:
      return {};
    case trace::Recurs::AfterOthers:
      return "after other modules";
    case trace::Recurs::NotEveryTime:
      return "not every time";
    case trace::Recurs::NotReproduced:
      return "not reproduced";
  }
  UNREACHABLE();
}

std::string HowText(const Signature& signature) {
  switch (signature.kind) {
    case FindingKind::Divergence:
      return "diverges: " + DivergenceText(signature);
    case FindingKind::Failure:
      return "panic: " + trace::FailureText(*signature.failure, signature.message);
    case FindingKind::Death:
      if (!signature.failure) return signature.message;
      if (*signature.failure == trace::FailureKind::Panic) return "panic: " + signature.message;
      return trace::FailureText(*signature.failure, signature.message);
  }
  UNREACHABLE();
}

// Every field, each with its length where it is free text.
uint64_t HashOf(const Signature& signature) {
  uint64_t hash = 0;
  const auto number = [&hash](uint64_t value) { hash = HashCombine(hash, value); };
  const auto text = [&](std::string_view value) {
    number(value.size());
    number(HashBytes(AsBytes(value)));
  };
  const auto outcome = [&](const trace::OutcomeClass& value) {
    number(static_cast<uint64_t>(value.kind));
    number(value.traps.bits());
    number(static_cast<uint64_t>(value.limit));
  };
  number(static_cast<uint64_t>(signature.kind));
  text(signature.suspect);
  number(static_cast<uint64_t>(signature.locus));
  outcome(signature.expected);
  outcome(signature.found);
  number(signature.failure ? static_cast<uint64_t>(*signature.failure) + 1 : 0);
  text(signature.message);
  text(signature.releases.first);
  text(signature.releases.last);
  number(static_cast<uint64_t>(signature.recurs));
  return hash;
}

}  // namespace

std::string DivergenceText(const Signature& signature) {
  using trace::ClassKind;
  const std::string found = ClassText(signature.found);
  // Of a refusal it is no matter what the module would have done.
  if (signature.found.kind == ClassKind::Rejected) {
    return fmt::format("{} ({})", found, signature.message);
  }
  if (signature.found.kind == ClassKind::Misjudged) return found;
  std::string text = signature.found == signature.expected
                         ? "other " + found
                         : fmt::format("{} instead of {}", found, ClassText(signature.expected));
  const bool is_plain = signature.expected.kind == ClassKind::Instantiated ||
                        signature.found.kind == ClassKind::Instantiated;
  if (signature.locus == trace::EventKind::Instantiate && !is_plain) text += " at instantiation";
  return text;
}

std::string RangeText(const ReleaseRange& range) {
  if (range.empty()) return {};
  return range.first == range.last ? fmt::format("only {}", range.first)
                                   : fmt::format("{} to {}", range.first, range.last);
}

Signature Signature::Core() const {
  Signature core = *this;
  core.releases = {};
  core.recurs = trace::Recurs::EveryTime;
  return core;
}

std::string SignatureText(const Signature& signature) {
  std::string text = fmt::format("{} {}", signature.suspect, HowText(signature));
  if (const auto recurs = RecursText(signature.recurs); !recurs.empty()) {
    text += fmt::format(" ({})", recurs);
  }
  if (!signature.releases.empty()) text += fmt::format(" ({})", RangeText(signature.releases));
  return text;
}

std::string SignatureSlug(const Signature& signature) {
  constexpr size_t kReadableBytesMax = 80;
  std::string slug;
  for (const char c : SignatureText(signature)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (slug.size() == kReadableBytesMax) break;
    if (plain) {
      slug += c;
    } else if (c >= 'A' && c <= 'Z') {
      slug += static_cast<char>(c - 'A' + 'a');
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  if (!slug.empty() && slug.back() != '-') slug += '-';
  return slug + HashText(HashOf(signature)).substr(0, 12);
}

}  // namespace slabhound::diff
