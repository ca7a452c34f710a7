#include "cause/key.h"

#include <algorithm>
#include <array>

namespace slabhound::cause {
namespace {

constexpr std::array<std::string_view, 3> kCellNames = {"pass", "fail", "not able"};
constexpr std::array<std::string_view, 6> kSeverityNames = {
    "memory corruption", "wrong value", "hang", "leak", "trap mismatch", "refusal"};

template <typename Enum, size_t kCount>
std::optional<Enum> Find(const std::array<std::string_view, kCount>& names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

Severity OfFailure(trace::FailureKind kind) {
  using trace::FailureKind;
  switch (kind) {
    case FailureKind::Panic:
    case FailureKind::InternalError:
    case FailureKind::Abort:
    case FailureKind::Crash:
    case FailureKind::Garbage:
      return Severity::MemoryCorruption;
    case FailureKind::OutOfMemory:
      return Severity::Leak;
    case FailureKind::Timeout:
    case FailureKind::SlowCompile:
      return Severity::Hang;
    case FailureKind::Start:
    case FailureKind::Killed:
    case FailureKind::Exit:
      return Severity::Refusal;
  }
  return Severity::MemoryCorruption;
}

Severity OfDivergence(const diff::Signature& signature) {
  using trace::ClassKind;
  const auto is = [&](ClassKind kind) {
    return signature.found.kind == kind || signature.expected.kind == kind;
  };
  if (signature.found.kind == ClassKind::Rejected || signature.found.kind == ClassKind::Misjudged ||
      signature.found.kind == ClassKind::Refused) {
    return Severity::Refusal;
  }
  if (is(ClassKind::Exhausted)) return Severity::Hang;
  if (is(ClassKind::Trapped)) return Severity::TrapMismatch;
  return Severity::WrongValue;
}

}  // namespace

std::string_view CellName(Cell cell) { return kCellNames[static_cast<size_t>(cell)]; }
std::optional<Cell> FindCell(std::string_view name) { return Find<Cell>(kCellNames, name); }

std::string_view SeverityName(Severity severity) {
  return kSeverityNames[static_cast<size_t>(severity)];
}
std::optional<Severity> FindSeverity(std::string_view name) {
  return Find<Severity>(kSeverityNames, name);
}

bool Agree(const VariantVector& a, const VariantVector& b) {
  return std::ranges::none_of(a, [&](const Variant& variant) {
    const auto other = std::ranges::find(b, variant.engine, &Variant::engine);
    return other != b.end() && variant.cell != Cell::NotAble && other->cell != Cell::NotAble &&
           variant.cell != other->cell;
  });
}

Severity SeverityOf(const diff::Signature& signature, bool needs_collections) {
  const Severity severity = signature.kind == diff::FindingKind::Divergence
                                ? OfDivergence(signature)
                            : signature.failure ? OfFailure(*signature.failure)
                                                : Severity::MemoryCorruption;
  if (needs_collections && severity != Severity::Leak && severity != Severity::Refusal) {
    return Severity::MemoryCorruption;
  }
  return severity;
}

}  // namespace slabhound::cause
