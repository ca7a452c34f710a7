// finding.json: what is told of a finding, written and read back.
//
// 1. Reading is total: a file that is none of ours, or of a later format, is no record.
// 2. Fields that an older format lacks have their defaults.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "campaign/finding.h"

namespace slabhound::campaign {

using Json = nlohmann::ordered_json;

// `folder` is that of the finding.
Json ToJson(const Finding& finding, const std::string& folder, uint64_t count);
std::string JsonText(const Json& json);

// The object of the finding.json in that folder; discarded when it is none.
Json ReadJson(const std::string& folder);

// "3 of 10".
std::string Reproduced(uint32_t seen, uint32_t tries);

// Has the command name the folder in which the file is now; false: it did.
bool ReproduceIn(const std::string& folder, Json& json);

// What a list of findings needs of one.
struct Record {
  std::string kind, verdict, suspect;
  std::string signature_text;
  diff::Signature signature;  // what can be told of it where the file has no fields
  bool has_fields = false;
  uint32_t variant = 1;
  std::vector<std::string> engines, without, ingredients;
  bool minimized = false, steady = false;
  bool script = false;
  uint64_t seed = 0, number = 0;
  uint64_t count = 0, bytes = 0, module_bytes = 0, original_bytes = 0, history = 0;
  std::string reproduced, releases, binaryen_version, explanation;
  std::optional<cause::Key> cause;
  std::string explained_by;
  // As far as it was tried.
  bool happens_alone() const;
};
// By what a steady campaign chooses among cases of a symptom: the smallest as it was generated. Of
// a Finding or a Record.
auto StartOf(const auto& each) { return std::tuple(each.original_bytes, each.seed, each.number); }

// `slug` is the folder's name: fields that do not give it are none.
std::optional<Record> ReadRecord(const std::string& folder, const std::string& slug);

}  // namespace slabhound::campaign
