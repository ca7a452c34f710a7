// What the page shows of a campaign's folder, by path: JSON of the API, files of findings, metrics.
// Answers come from what the last Refresh read, so a request costs no look at the folder.
//
// 1. It reads only. A folder without campaign.db, or with one that cannot be read, shows what its
//    files tell, and why not more.
// 2. A path names symptoms and files that were found in the folder; nothing else is looked up, so
//    nothing leads out of it.
// 3. Any thread may call any of it.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ledger/database.h"
#include "page/bug_table.h"
#include "page/request.h"

namespace slabhound::page {

class Views {
 public:
  // The error is one line: there is no such folder.
  static Result<std::unique_ptr<Views>, std::string> Open(const std::string& folder);

  // Whether anything shown is other than before.
  bool Refresh();

  // The same, if the last one is longer ago.
  void RefreshAfter(std::chrono::milliseconds age);

  // Nothing: there is no such path.
  std::optional<Answer> Get(const std::string& path) const;
  // What a page comes with, by path: enough for the first screen of the overview, and, as "first
  // bugs", of the table.
  campaign::Json Start() const;
  // All paths that Get has for a page that cannot ask again (report.h).
  std::vector<std::string> Paths() const;

  const std::string& folder() const { return folder_; }
  // The bug of that symptom; null: there is none.
  std::shared_ptr<const BugRow> Bug(const std::string& slug) const;

 private:
  // As of one Refresh.
  struct Shown {
    std::map<std::string, std::shared_ptr<const BugRow>> bug_of;  // by slug of each symptom
    std::vector<std::string> slugs;                               // of bugs
    std::map<std::string, Answer> answers;                        // by path
    campaign::Json start;
  };

  explicit Views(std::string folder) : folder_(folder), table_(std::move(folder)) {}
  std::shared_ptr<const Shown> shown() const;
  bool LookAtDatabase();
  void Show();
  std::optional<Answer> GetBug(const Shown& shown, const std::string& slug) const;

  std::string folder_;
  std::atomic<std::chrono::steady_clock::time_point> refreshed_{};
  std::mutex refresh_mutex_;  // of the next four
  BugTable table_;
  std::optional<ledger::Database> database_;
  int64_t data_version_ = -1;
  std::string problem_;  // one line; empty: none

  mutable std::mutex mutex_;  // of the next
  std::shared_ptr<const Shown> shown_ = std::make_shared<Shown>();
};

}  // namespace slabhound::page
