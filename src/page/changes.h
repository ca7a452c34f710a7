// What a person says in the page: a label, a merge, a split, a mark. It is kept in campaign.db
// (ledger/said.h); a merge and a split bring the folders in line at once, as `slabhound findings`
// does.
#pragma once

#include <mutex>
#include <string>

#include "page/request.h"
#include "page/views.h"

namespace slabhound::page {

class Changes {
 public:
  explicit Changes(Views& views) : views_(views) {}

  // {"verb": "label", "slug": "…", "text": "…"}: label, merge (with "other"), split, known, fixed,
  // open, which takes a mark back. When it is answered the views show it.
  Answer Make(const std::string& json);

 private:
  Views& views_;
  std::mutex mutex_;
};

}  // namespace slabhound::page
