#include "cause/key.h"

#include <algorithm>
#include <array>
#include <utility>

#include "avoid/known.h"

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
    case FailureKind::Leak:
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

namespace {

bool CollectsNothing(const engine::EngineSpec& engine) {
  if (engine.kind != engine::EngineKind::Slab) return engine.form.gc == engine::Collection::None;
  return engine.slab.collector == gc::CollectorKind::Null ||
         engine.slab.schedule.kind == gc::Schedule::Kind::Never;
}

bool IsOlder(const engine::EngineSpec& engine, const engine::EngineSpec& suspect) {
  return !suspect.version.empty() && engine.version != suspect.version &&
         avoid::VersionWithin(engine.version, "", suspect.version);
}

}  // namespace

bool IsDecisive(const Variant& variant, const engine::EngineSpec& suspect) {
  const auto engine = engine::ParseEngine(variant.engine);
  if (!engine) return true;
  if (engine->kind == engine::EngineKind::Slab) return CollectsNothing(*engine);
  return !IsOlder(*engine, suspect) && !CollectsNothing(*engine);
}

namespace {

// Calls visit(first, second) with the cells of each engine that both have and that both can run.
template <typename Visit>
void VisitShared(const VariantVector& a, const VariantVector& b, const Visit& visit) {
  for (const Variant& variant : a) {
    const auto other = std::ranges::find(b, variant.engine, &Variant::engine);
    if (other == b.end() || variant.cell == Cell::NotAble || other->cell == Cell::NotAble) continue;
    visit(variant, *other);
  }
}

std::optional<engine::EngineSpec> SuspectOf(const VariantVector& variants) {
  if (variants.empty()) return std::nullopt;
  const auto suspect = engine::ParseEngine(variants.front().engine);
  return suspect ? std::optional(*suspect) : std::nullopt;
}

}  // namespace

bool Agree(const VariantVector& a, const VariantVector& b) {
  const auto first = SuspectOf(a), second = SuspectOf(b);
  bool agree = true;
  VisitShared(a, b, [&](const Variant& one, const Variant& other) {
    if (one.cell == other.cell) return;
    const bool decisive =
        (!first || IsDecisive(one, *first)) && (!second || IsDecisive(other, *second));
    agree = agree && !decisive;
  });
  return agree;
}

double Disagreement(const VariantVector& a, const VariantVector& b) {
  size_t shared = 0, apart = 0;
  VisitShared(a, b, [&](const Variant& one, const Variant& other) {
    ++shared;
    if (one.cell != other.cell) ++apart;
  });
  return shared == 0 ? 0 : static_cast<double>(apart) / static_cast<double>(shared);
}

bool BeginsAndEnds(const VariantVector& variants) {
  auto suspect = SuspectOf(variants);
  if (!suspect || variants.front().cell != Cell::Fail) return false;
  bool older = false, newer = false;
  for (const Variant& variant : variants) {
    auto engine = engine::ParseEngine(variant.engine);
    if (!engine || variant.cell != Cell::Pass) continue;
    const std::string version = std::exchange(engine->version, suspect->version);
    if (*engine != *suspect) continue;  // another configuration
    engine->version = version;
    (IsOlder(*engine, *suspect) ? older : newer) = true;
  }
  return older && newer;
}

bool NeedsCollections(const VariantVector& variants) {
  bool any = false, all_pass = true;
  for (const Variant& variant : variants) {
    const auto engine = engine::ParseEngine(variant.engine);
    if (!engine || !CollectsNothing(*engine) || variant.cell == Cell::NotAble) continue;
    any = true;
    all_pass = all_pass && variant.cell == Cell::Pass;
  }
  return any && all_pass && variants.front().cell == Cell::Fail;
}

std::string LocusOf(const diff::Signature& signature) {
  diff::Signature core = signature.Core();
  core.suspect.clear();
  return diff::SignatureText(core).substr(1);
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
