// The faults of the subtype relation.
#include "exec/subtype.h"

#if SLABHOUND_FAULTS

#include <algorithm>

namespace slabhound::exec {
namespace {

using heap::Fault;
using wasm::TypeId;

// Equality of types as a canonicalisation has it that forgets something.
class Forgetful {
 public:
  Forgetful(const wasm::TypeStore& types, Fault forgets) : types_(types), forgets_(forgets) {}

  // Groups are not known here: types refer to one of their group where they refer equally far.
  // `rest` bounds how deep that is followed.
  bool Equal(TypeId x, TypeId y, unsigned rest = 4) const {
    if (x == y || rest == 0) return true;
    const wasm::SubType &a = types_[x], &b = types_[y];
    if (a.is_final != b.is_final && forgets_ != Fault::CanonDropsFinal) return false;
    if (a.supers != b.supers || a.composite.index() != b.composite.index()) return false;
    const auto same = [&](wasm::StorageType s, wasm::StorageType t) {
      return s == t || InGroup(s, t, x, y, rest);
    };
    const auto same_field = [&](const wasm::FieldType& s, const wasm::FieldType& t) {
      return s.is_mutable == t.is_mutable && same(s.type, t.type);
    };
    if (const auto* function = std::get_if<wasm::FuncType>(&a.composite)) {
      const auto& other = std::get<wasm::FuncType>(b.composite);
      return std::ranges::equal(function->params, other.params, same) &&
             std::ranges::equal(function->results, other.results, same);
    }
    if (const auto* structure = std::get_if<wasm::StructType>(&a.composite)) {
      const auto& other = std::get<wasm::StructType>(b.composite);
      return std::ranges::equal(structure->fields, other.fields, same_field);
    }
    return same_field(std::get<wasm::ArrayType>(a.composite).element,
                      std::get<wasm::ArrayType>(b.composite).element);
  }

 private:
  bool InGroup(wasm::StorageType s, wasm::StorageType t, TypeId x, TypeId y, unsigned rest) const {
    if (!s.is_ref() || !t.is_ref() || !s.heap().is_index() || !t.heap().is_index()) return false;
    if (s.nullable() != t.nullable() && forgets_ != Fault::CanonDropsNullability) return false;
    const uint32_t from = s.heap().index(), to = t.heap().index();
    return from - static_cast<uint32_t>(x) == to - static_cast<uint32_t>(y) &&
           Equal(TypeId{from}, TypeId{to}, rest - 1);
  }

  const wasm::TypeStore& types_;
  Fault forgets_;
};

// Whether `a` has an ancestor, or is one itself, that is forgetfully equal to `b`.
bool IsForgetfully(const wasm::TypeStore& types, Fault fault, TypeId a, TypeId b) {
  const auto display = types.Display(a);
  const uint32_t depth = types.Depth(b);
  return depth < display.size() && Forgetful(types, fault).Equal(display[depth], b);
}

constexpr uint32_t kLevelLast = 4;  // of the truncated display

}  // namespace

bool IsFaultySubtype(const wasm::TypeStore& types, Fault fault, TypeId a, TypeId b) {
  const bool right = types.IsSubtype(a, b);
  for (const Fault forgets : {Fault::CanonDropsNullability, Fault::CanonDropsFinal}) {
    if (right || !heap::Injected(fault, forgets)) continue;
    if (heap::Active(fault, forgets, IsForgetfully(types, fault, a, b))) return true;
  }
  if (types.Depth(b) > kLevelLast && heap::Injected(fault, Fault::DisplayDepthTruncated)) {
    const auto display = types.Display(a);
    const bool wrong =
        display.size() > kLevelLast && display[kLevelLast] == types.Display(b)[kLevelLast];
    if (heap::Active(fault, Fault::DisplayDepthTruncated, wrong != right)) return wrong;
  }
  return right;
}

}  // namespace slabhound::exec

#endif
