#include "screen/on_finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/test_folder.h"

namespace slabhound::screen {
namespace {

using campaign::Event;
using campaign::EventKind;

// The messages of a campaign that had these events.
std::vector<nlohmann::json> Sent(const std::vector<Event>& events) {
  const TestFolder folder;
  campaign::News desk;
  OnFinding hook("cat >> '" + folder.File("got") + "'", {"my findings", 7}, desk);
  for (const Event& event : events) {
    hook.Tell(event);
    hook.Tick();
  }
  hook.End({});
  const auto content = ReadFile(folder.File("got"), 1u << 20);
  std::vector<nlohmann::json> sent;
  if (!content) return sent;
  std::istringstream lines{std::string(AsText(*content))};
  for (std::string line; std::getline(lines, line);) sent.push_back(nlohmann::json::parse(line));
  return sent;
}

Event Of(EventKind kind, const std::string& slug, std::vector<std::string> bug = {}) {
  return {.kind = kind,
          .line = "a line",
          .slug = slug,
          .symptom = "symptom " + slug,
          .folder = "my findings/" + slug,
          .severity = cause::Severity::Hang,
          .bug = std::move(bug),
          .is_new = true};
}

TEST(OnFinding, TellsABugOnceWhateverItsSymptoms) {
  const auto sent =
      Sent({Of(EventKind::Finding, "a", {"a"}), Of(EventKind::Finding, "b", {"b"}),
            Of(EventKind::Minimized, "a", {"a"}), Of(EventKind::Minimized, "b", {"a", "b"}),
            Of(EventKind::Minimized, "a", {"a", "b"})});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0]["format"], 1);
  EXPECT_EQ(sent[0]["kind"], "minimized");
  EXPECT_EQ(sent[0]["symptom"], "symptom a");
  EXPECT_EQ(sent[0]["bug"], "a");
  EXPECT_EQ(sent[0]["severity"], "hang");
  EXPECT_EQ(sent[0]["folder"], "my findings/a");
  EXPECT_EQ(sent[0]["commands"]["repro"], "slabhound repro 'my findings/a'");
  EXPECT_EQ(sent[0]["campaign"]["seed"], 7);
}

TEST(OnFinding, TellsWhatIsNotMinimizedWhenThatIsKnown) {
  const auto sent =
      Sent({Of(EventKind::Finding, "a"), Of(EventKind::Unminimized, "a"),
            Of(EventKind::Unminimized, "a"), Of(EventKind::Finding, "left at the end")});
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0]["kind"], "finding");
  EXPECT_EQ(sent[0]["bug"], "a");
  EXPECT_EQ(sent[1]["symptom"], "symptom left at the end");
}

TEST(OnFinding, TellsOfOldBugsOnlyThatTheyAreBack) {
  Event old = Of(EventKind::Finding, "a");
  old.is_new = false;
  Event minimized = Of(EventKind::Minimized, "a");
  minimized.is_new = false;
  Event back = Of(EventKind::Regression, "a");
  back.is_new = false;
  const auto sent = Sent({old, minimized, back});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0]["kind"], "regression");
}

}  // namespace
}  // namespace slabhound::screen
