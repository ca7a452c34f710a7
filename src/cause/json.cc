#include "cause/json.h"

#include <algorithm>

namespace slabhound::cause {
namespace {

using Json = nlohmann::ordered_json;
using Error = std::string;

Error Wrong(std::string_view what) { return "cause." + std::string(what); }

const Json* Member(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

Result<VariantVector, Error> ReadVariants(const Json* json) {
  if (json == nullptr || !json->is_object() || json->size() > kVariantsMax) {
    return Fail(Wrong("variants: not an object of at most 32 engines"));
  }
  VariantVector variants;
  for (const auto& [engine, cell] : json->items()) {
    const auto known =
        cell.is_string() ? FindCell(cell.get_ref<const std::string&>()) : std::nullopt;
    if (!known) return Fail(Wrong("variants: a cell that is not pass, fail or not able"));
    variants.push_back({engine, *known});
  }
  return variants;
}

Result<Shape, Error> ReadShape(const Json* json) {
  if (json == nullptr || !json->is_array() || json->size() > kGramsMax) {
    return Fail(Wrong("shape: not a list of at most 256 texts"));
  }
  Shape shape;
  for (const Json& gram : *json) {
    if (!gram.is_string()) return Fail(Wrong("shape: not a list of texts"));
    shape.grams.push_back(gram.get<std::string>());
  }
  std::ranges::sort(shape.grams);
  const auto repeated = std::ranges::unique(shape.grams);
  shape.grams.erase(repeated.begin(), repeated.end());
  return shape;
}

}  // namespace

Json WriteKey(const Key& key) {
  Json variants = Json::object();
  for (const Variant& each : key.variants) variants[each.engine] = CellName(each.cell);
  return {{"severity", SeverityName(key.severity)},
          {"locus", key.locus},
          {"variants", std::move(variants)},
          {"shape", key.shape.grams}};
}

Result<Key, Error> ReadKey(const Json& json) {
  if (!json.is_object()) return Fail(Error("cause: not an object"));
  Key key;
  TRY_ASSIGN(key.variants, ReadVariants(Member(json, "variants")));
  TRY_ASSIGN(key.shape, ReadShape(Member(json, "shape")));
  const Json* severity = Member(json, "severity");
  const auto known = severity != nullptr && severity->is_string()
                         ? FindSeverity(severity->get_ref<const std::string&>())
                         : std::nullopt;
  if (!known) return Fail(Wrong("severity: not known"));
  key.severity = *known;
  const Json* locus = Member(json, "locus");
  if (locus == nullptr || !locus->is_string()) return Fail(Wrong("locus: not a text"));
  key.locus = locus->get<std::string>();
  return key;
}

}  // namespace slabhound::cause
