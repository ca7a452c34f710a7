// The bugs of a folder of findings, as its files tell them now: bug.json of each bug, finding.json
// of each symptom (campaign/store.h). Refresh reads only what has changed since.
//
// 1. What a campaign has arranged is taken as it is: nothing is merged here. A symptom whose bug
//    does not tell it yet, or any more, stands where its folder does.
// 2. A folder that is a link is left out: nothing outside is read.
// 3. Cases that were kept for their own sake (killed, generator crash) are rows of their own.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "campaign/finding_json.h"
#include "cause/key.h"

namespace slabhound::page {

struct Symptom {
  std::string slug, path;  // the path of its folder
  campaign::Record record;
  std::string why;  // it is of its bug; of the representative empty
};

struct BugRow {
  std::string slug;              // of the representative
  std::string label, mark = {};  // the mark is known to the database alone (views.h)
  std::string kind;              // "finding", or what the case was kept for
  cause::Severity severity = cause::Severity::WrongValue;
  uint64_t count = 0;                  // cases of all symptoms
  std::vector<Symptom> symptoms = {};  // the representative first

  const Symptom& best() const { return symptoms.front(); }
};

class BugTable {
 public:
  explicit BugTable(std::string folder) : folder_(std::move(folder)) {}

  // Whether anything is other than before. The error is one line.
  Result<bool, FileError> Refresh();
  const std::vector<BugRow>& bugs() const { return bugs_; }  // most severe first
  // The bug of that symptom; null: there is none.
  const BugRow* Find(const std::string& slug) const;

 private:
  struct Stamp {
    int64_t nanoseconds = 0;
    uint64_t file = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Told {
    Stamp stamp, bug_stamp;
    std::optional<campaign::Record> record = {};
    campaign::Json bug = {};  // bug.json, or null
  };

  static Stamp StampOf(const std::string& path);
  // Whether it is other than before.
  bool Read(const std::string& slug, const std::string& path);
  BugRow RowOf(const std::string& slug, const std::vector<std::string>& others,
               const std::map<std::string, std::string>& paths) const;

  std::string folder_;
  std::map<std::string, Told> told_;           // by slug
  std::map<std::string, std::string> places_;  // slug, path
  std::vector<BugRow> bugs_;
};

}  // namespace slabhound::page
