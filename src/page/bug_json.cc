#include "page/bug_json.h"

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <utility>

#include "base/subprocess.h"
#include "campaign/findings_table.h"
#include "page/finding_files.h"

namespace slabhound::page {
namespace {

Json SymptomJson(const Symptom& symptom) {
  const campaign::Record& record = symptom.record;
  return {{"slug", symptom.slug},
          {"signature", record.signature_text},
          {"count", record.count},
          {"bytes", record.module_bytes},
          {"minimized", record.minimized},
          {"reproduced", record.reproduced},
          {"why", symptom.why},
          {"explained_by", record.explained_by}};
}

Json VariantsJson(const campaign::Record& record) {
  Json variants = Json::array();
  if (!record.cause) return variants;
  for (const cause::Variant& each : record.cause->variants) {
    variants.push_back({{"engine", each.engine}, {"cell", cause::CellName(each.cell)}});
  }
  return variants;
}

Json CommandsJson(const BugRow& bug, const std::string& folder) {
  const std::string path = ShellQuoted(bug.best().path);
  Json commands = Json::array();
  const auto add = [&](const char* what, std::string command) {
    commands.push_back({{"what", what}, {"command", std::move(command)}});
  };
  add("show it again, and draw its heaps", fmt::format("slabhound repro {}", path));
  add("on another engine",
      fmt::format("slabhound repro {}/case.wasm --engine wasmtime@50.0.1", path));
  add("since when, until when", fmt::format("slabhound regress {} --engine wasmtime@all", path));
  add("as text", fmt::format("slabhound show {}/case.wasm", path));
  add("a row for --known", fmt::format("slabhound findings known {} --in {} --out known.txt",
                                       ShellQuoted(bug.slug), ShellQuoted(folder)));
  return commands;
}

}  // namespace

Json BugRowJson(const BugRow& bug) {
  constexpr unsigned kLastRank = 99;  // of what was kept for its own sake
  const campaign::Record& best = bug.best().record;
  return {{"slug", bug.slug},
          {"title", best.signature_text},
          {"label", bug.label},
          {"mark", bug.mark},
          {"kind", bug.kind},
          {"severity", bug.kind == "finding" ? cause::SeverityName(bug.severity) : ""},
          {"rank", bug.kind == "finding" ? static_cast<unsigned>(bug.severity) : kLastRank},
          {"symptoms", bug.symptoms.size()},
          {"cases", bug.count},
          {"releases", campaign::FailingReleasesText(best)},
          {"reproduced", best.reproduced},
          {"bytes", best.module_bytes},
          {"original_bytes", best.original_bytes},
          {"minimized", best.minimized},
          {"script", best.script},
          {"suspect", best.suspect}};
}

Json BugPageJson(const BugRow& bug, const std::string& folder) {
  const campaign::Record& best = bug.best().record;
  Json json = BugRowJson(bug);
  json["explanation"] = best.explanation;
  json["engines"] = best.engines;
  json["seed"] = best.seed;
  json["case"] = best.number;
  json["history_cases"] = best.history;
  json["binaryen"] = best.binaryen_version;
  json["ingredients"] = best.ingredients;
  json["without"] = best.without;
  json["locus"] = best.cause ? best.cause->locus : std::string();
  json["shape"] = best.cause ? Json(best.cause->shape.grams) : Json::array();
  json["variants"] = VariantsJson(best);
  json["members"] = Json::array();
  for (const Symptom& each : bug.symptoms) json["members"].push_back(SymptomJson(each));
  json["files"] = FilesOf(bug.best().path);
  json["commands"] = CommandsJson(bug, folder);
  return json;
}

}  // namespace slabhound::page
