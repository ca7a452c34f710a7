#include "campaign/report.h"

#include <concepts>
#include <limits>
#include <tuple>
#include <type_traits>

namespace slabhound::campaign {
namespace {

// The fields of each struct, in the order of their frames: what is written and read.
template <typename Struct>
auto Fields(Struct& of) {
  using T = std::remove_const_t<Struct>;
  if constexpr (std::same_as<T, CasesOrder>) {
    return std::tie(of.first, of.count, of.without);
  } else if constexpr (std::same_as<T, MinimizeOrder>) {
    return std::tie(of.signature, of.module, of.number, of.died, of.causes, of.engines, of.history,
                    of.suspect, of.candidates_max);
  } else if constexpr (std::same_as<T, TryOrder>) {
    return std::tie(of.slug, of.engine, of.is_rare, of.module);
  } else if constexpr (std::same_as<T, TriedReport>) {
    return std::tie(of.slug, of.engine, of.seen, of.tries, of.not_able);
  } else if constexpr (std::same_as<T, KnownCause>) {
    return std::tie(of.slug, of.ingredients);
  } else if constexpr (std::same_as<T, cause::Key>) {
    return std::tie(of.variants, of.shape, of.severity, of.locus);
  } else if constexpr (std::same_as<T, cause::Variant>) {
    return std::tie(of.engine, of.cell);
  } else if constexpr (std::same_as<T, cause::Shape>) {
    return std::tie(of.grams);
  } else if constexpr (std::same_as<T, CaseReport>) {
    return std::tie(of.number, of.verdict, of.fuel_exhausted, of.depth_exhausted, of.size_exhausted,
                    of.heap_exhausted, of.generate_ns, of.judge_ns, of.reason, of.known, of.avoided,
                    of.needs, of.asked, of.not_run, of.refused, of.reached, of.signature,
                    of.explanation, of.suspect, of.module, of.recurrence);
  } else if constexpr (std::same_as<T, diff::Signature>) {
    return std::tie(of.kind, of.suspect, of.locus, of.expected, of.found, of.failure, of.message,
                    of.releases, of.recurs);
  } else if constexpr (std::same_as<T, trace::OutcomeClass>) {
    return std::tie(of.kind, of.traps, of.limit);
  } else if constexpr (std::same_as<T, diff::ReleaseRange>) {
    return std::tie(of.first, of.last);
  } else if constexpr (std::same_as<T, MinimizedReport>) {
    return std::tie(of.signature, of.so_far, of.complete, of.candidates, of.slipped, of.failure,
                    of.explained_by, of.seen, of.tries, of.explanation, of.suspect, of.engines,
                    of.module, of.regression, of.regression_fails_on, of.regression_missing,
                    of.cause, of.ingredients, of.history);
  } else if constexpr (std::same_as<T, trace::Recurrence>) {
    return std::tie(of.seen, of.tries, of.reduced, of.history);
  } else {
    static_assert(std::same_as<T, trace::SentRun>);
    return std::tie(of.request, of.module);
  }
}

template <typename T>
Item Write(const T& value);

Item WriteValue(std::unsigned_integral auto value) { return value; }
Item WriteValue(const std::string& value) { return value; }
Item WriteValue(const Bytes& value) { return Item::binary(value); }
template <typename Enum>
  requires std::is_enum_v<Enum>
Item WriteValue(Enum value) {
  return static_cast<uint64_t>(value);
}
Item WriteValue(trace::TrapSet value) { return value.bits(); }
template <typename T>
Item WriteValue(const std::optional<T>& value);
Item WriteValue(const trace::RunRequest& value) { return worker::RequestText(value); }
template <typename T>
Item WriteValue(const std::vector<T>& values) {
  Item items = Item::array();
  for (const T& value : values) items.push_back(Write(value));
  return items;
}

template <typename T>
Item WriteValue(const std::optional<T>& value) {
  return value ? Write(*value) : Item();
}

template <typename T>
Item Write(const T& value) {
  if constexpr (requires { WriteValue(value); }) {
    return WriteValue(value);
  } else {
    Item items = Item::array();
    std::apply([&items](const auto&... each) { (items.push_back(Write(each)), ...); },
               Fields(value));
    return items;
  }
}

// False: the item is none of this type.
template <typename T>
bool Read(const Item& item, T& value);

bool ReadValue(const Item& item, bool& value) {
  if (item.is_boolean()) value = item.get<bool>();
  return item.is_boolean();
}
template <std::unsigned_integral T>
bool ReadValue(const Item& item, T& value) {
  if (!item.is_number_unsigned()) return false;
  const auto number = item.get<uint64_t>();
  value = static_cast<T>(number);
  return number <= std::numeric_limits<T>::max();
}
bool ReadValue(const Item& item, std::string& value) {
  if (item.is_string()) value = item.get_ref<const std::string&>();
  return item.is_string();
}
bool ReadValue(const Item& item, Bytes& value) {
  if (item.is_binary()) value = item.get_binary();
  return item.is_binary();
}
// The last enumerator of each.
constexpr auto kLast =
    std::tuple(diff::VerdictKind::Rejected, diff::FindingKind::Death, trace::Recurs::NotReproduced,
               trace::EventKind::Inside, trace::ClassKind::State, trace::Limit::Other,
               trace::FailureKind::Exit, cause::Cell::NotAble, cause::Severity::Refusal);
template <typename Enum>
  requires std::is_enum_v<Enum>
bool ReadValue(const Item& item, Enum& value) {
  uint8_t number = 0;
  if (!ReadValue(item, number) || number > static_cast<uint8_t>(std::get<Enum>(kLast))) {
    return false;
  }
  value = static_cast<Enum>(number);
  return true;
}
bool ReadValue(const Item& item, trace::TrapSet& value) {
  uint32_t bits = 0;
  if (!ReadValue(item, bits)) return false;
  value = trace::TrapSet::FromBits(bits);
  return true;
}
template <typename T>
bool ReadValue(const Item& item, std::optional<T>& value) {
  return item.is_null() || Read(item, value.emplace());
}
bool ReadValue(const Item& item, trace::RunRequest& value) {
  if (!item.is_string()) return false;
  auto request = worker::ParseRequest(item.get_ref<const std::string&>());
  if (!request) return false;
  value = *std::move(request);
  return true;
}
template <typename T>
bool ReadValue(const Item& item, std::vector<T>& values) {
  if (!item.is_array()) return false;
  for (const Item& each : item) {
    if (!Read(each, values.emplace_back())) return false;
  }
  return true;
}

template <typename T>
bool Read(const Item& item, T& value) {
  if constexpr (requires { ReadValue(item, value); }) {
    return ReadValue(item, value);
  } else {
    return std::apply(
        [&item](auto&... fields) {
          if (!item.is_array() || item.size() != sizeof...(fields)) return false;
          size_t i = 0;
          return (Read(item[i++], fields) && ...);
        },
        Fields(value));
  }
}

// One of several structs: its place among them, and itself.
template <typename... Structs>
Bytes WriteFrame(const std::variant<Structs...>& one) {
  const auto write = [](const auto& each) { return Write(each); };
  return WriteItem(Item::array({one.index(), std::visit(write, one)}));
}

template <typename Variant, size_t index = 0>
std::optional<Variant> ReadFrame(const Item& place, const Item& item) {
  if constexpr (index == std::variant_size_v<Variant>) {
    return std::nullopt;
  } else {
    if (place != index) return ReadFrame<Variant, index + 1>(place, item);
    std::variant_alternative_t<index, Variant> value;
    if (!Read(item, value)) return std::nullopt;
    return value;
  }
}

template <typename Variant>
std::optional<Variant> ReadFrame(ByteSpan frame) {
  const auto item = ReadItem(frame);
  if (!item || !item->is_array() || item->size() != 2) return std::nullopt;
  return ReadFrame<Variant>((*item)[0], (*item)[1]);
}

}  // namespace

Bytes WriteOrder(const Order& order) { return WriteFrame(order); }
std::optional<Order> ReadOrder(ByteSpan frame) { return ReadFrame<Order>(frame); }
Bytes WriteReport(const Report& report) { return WriteFrame(report); }
std::optional<Report> ReadReport(ByteSpan frame) { return ReadFrame<Report>(frame); }

Item WriteSignature(const diff::Signature& signature) { return Write(signature); }
std::optional<diff::Signature> ReadSignature(const Item& item) {
  diff::Signature signature;
  if (!Read(item, signature)) return std::nullopt;
  return signature;
}

}  // namespace slabhound::campaign
