// What a minimized finding stands for: the cause key, by which symptoms become bugs (bugs.h).
//
// 1. It is made of the minimized case, and is deterministic where the engines are.
// 2. The variant vector tells the same case, unchanged, on every release and in every
//    configuration; the shape tells what the case is made of, up to names and numbers.
// 3. Vectors are compared by their engines' texts: other campaigns may have had other releases.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cause/shape.h"
#include "diff/signature.h"
#include "engine/spec.h"

namespace slabhound::cause {

inline constexpr size_t kVariantsMax = 32;

// NotAble: not installed, or it refuses the case or ends at a limit of its own.
enum class Cell : uint8_t { Pass, Fail, NotAble };
std::string_view CellName(Cell cell);  // "pass", "fail", "not able"
std::optional<Cell> FindCell(std::string_view name);

struct Variant {
  std::string engine;  // engine::EngineText
  Cell cell = Cell::NotAble;
  friend bool operator==(const Variant&, const Variant&) = default;
};
using VariantVector = std::vector<Variant>;  // in the order of variants.h: the suspect first

// Whether two cases of one cause give the same there. Where memory goes wrong it is luck whether
// that shows: so what older releases do, what the case does without forced collections and what
// another schedule of collections gives only counts as a part of the distance (bugs.h).
bool IsDecisive(const Variant& variant, const engine::EngineSpec& suspect);

// Whether no engine that is decisive to both passes in one and fails in the other. NotAble agrees
// with everything, as does an engine that only one of them has.
bool Agree(const VariantVector& a, const VariantVector& b);
// The share of the engines that both have where one passes and the other fails.
double Disagreement(const VariantVector& a, const VariantVector& b);

// Whether it fails on the suspect, and passes on an older and on a newer release of it.
bool BeginsAndEnds(const VariantVector& variants);

// Whether it fails on the suspect, and passes on its variants that collect nothing.
bool NeedsCollections(const VariantVector& variants);

// Most severe first.
enum class Severity : uint8_t {
  MemoryCorruption,
  WrongValue,
  Hang,
  Leak,
  TrapMismatch,
  Refusal,
};
std::string_view SeverityName(Severity severity);  // "memory corruption", …
std::optional<Severity> FindSeverity(std::string_view name);

// `needs_collections`: the case passes where none is forced. What goes wrong then is memory,
// however it shows.
Severity SeverityOf(const diff::Signature& signature, bool needs_collections = false);

// "diverges: trap CastFailure instead of returns": the signature without engine and releases.
std::string LocusOf(const diff::Signature& signature);

struct Key {
  VariantVector variants;
  Shape shape;
  Severity severity = Severity::WrongValue;
  std::string locus;
  friend bool operator==(const Key&, const Key&) = default;
};

}  // namespace slabhound::cause
