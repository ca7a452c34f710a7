#include "page/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "campaign/overrides.h"
#include "campaign/store.h"
#include "ledger/said.h"

namespace slabhound::page {
namespace {

constexpr size_t kTextBytesMax = 200;
constexpr std::array<std::string_view, 6> kVerbs = {"label", "merge", "split",
                                                    "known", "fixed", "open"};

// The change that the text asks for; the error says what is wrong with it.
Result<ledger::Said, std::string> ReadChange(const std::string& text) {
  const campaign::Json json = campaign::Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Fail(std::string("no JSON object"));
  ledger::Said said;
  said.at_ms = ledger::NowMs();
  for (const auto& [name, field] :
       {std::pair("verb", &said.verb), std::pair("slug", &said.slug),
        std::pair("other", &said.other), std::pair("text", &said.text)}) {
    const auto found = json.find(name);
    if (found == json.end()) continue;
    if (!found->is_string()) return Fail(fmt::format("`{}` is no text", name));
    *field = found->get<std::string>();
  }
  if (std::ranges::find(kVerbs, said.verb) == kVerbs.end()) {
    return Fail(std::string("`verb` is none of label, merge, split, known, fixed, open"));
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (said.text.size() > kTextBytesMax || std::ranges::any_of(said.text, is_control)) {
    return Fail(fmt::format("`text` is one line of at most {} bytes", kTextBytesMax));
  }
  return said;
}

// A label holds for the whole bug: what its symptoms had is taken away.
std::vector<ledger::Said> SayOf(const BugRow& bug, const ledger::Said& said) {
  if (said.verb != "label") return {said};
  std::vector<ledger::Said> all;
  for (const Symptom& each : bug.symptoms) {
    if (each.slug != bug.slug) all.push_back(campaign::Label(said.at_ms, each.slug, {}));
  }
  all.push_back(campaign::Label(said.at_ms, bug.slug, said.text));
  return all;
}

Result<void, FileError> Say(const std::string& folder, const BugRow& bug,
                            const ledger::Said& said) {
  const bool moves = said.verb == "merge" || said.verb == "split";
  // Without a database the folder may hold what people said in a file (campaign/overrides.h).
  if (moves || !ledger::Database::IsIn(folder)) {
    TRY_ASSIGN(campaign::Store store, campaign::Store::Open(folder));
    return store.Say(SayOf(bug, said));
  }
  TRY_ASSIGN(ledger::Database database, ledger::Database::Open(folder, ledger::Access::Write));
  return ledger::Say(database, SayOf(bug, said));
}

}  // namespace

Answer Changes::Make(const std::string& json) {
  const auto said = ReadChange(json);
  if (!said) return Refused(400, said.error());
  const std::scoped_lock lock(mutex_);
  const auto bug = views_.Bug(said->slug);
  if (!bug) return Refused(404, "no symptom has that slug");
  const bool is_merge = said->verb == "merge";
  if (is_merge && (said->slug == said->other || !views_.Bug(said->other))) {
    return Refused(404, "`other` is no other symptom");
  }
  const auto done = Say(views_.folder(), *bug, *said);
  if (!done) return Refused(500, done.error().message);
  views_.Refresh();
  return {.type = std::string(kJsonType), .body = "{}"};
}

}  // namespace slabhound::page
