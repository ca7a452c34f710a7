// A store that is joined with others: its folder, read and never changed.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "campaign/finding_json.h"
#include "join/identity.h"
#include "ledger/database.h"
#include "ledger/said.h"

namespace slabhound::join {

// A symptom's case, as a store keeps it.
struct Kept {
  std::string folder;
  campaign::Record record;
  // The symptom that explains it, if it is not minimized; one of the same signature does not.
  std::optional<Identity> explained_by = {};
};

// Whether `a` is to be kept rather than `b`: minimized, then of a steady campaign. Of two of those
// the one that was smaller as it was generated, else one with a shorter history, then a smaller;
// then by their files.
bool IsBetter(const Kept& a, const Kept& b);

class Source {
 public:
  // The error is one line.
  static Result<Source, std::string> Read(const std::string& folder);

  const std::string& folder() const { return folder_; }
  // Null: an older Slabhound's, which had none.
  const ledger::Database* database() const { return database_ ? &*database_ : nullptr; }
  const std::map<Identity, Kept>& kept() const { return kept_; }
  // What people said, where it stands in a file yet.
  const std::vector<ledger::Said>& said() const { return said_; }

  // The symptom that this store calls so.
  Identity Of(const std::string& slug) const;
  // All that the store speaks of.
  const std::set<Identity>& identities() const { return identities_; }

 private:
  explicit Source(std::string folder) : folder_(std::move(folder)) {}
  Result<void, std::string> ReadFolders();
  Result<void, std::string> ReadSlugs();

  std::string folder_;
  std::optional<ledger::Database> database_;
  std::map<std::string, Identity> by_slug_;  // of those that are kept
  std::map<Identity, Kept> kept_;
  std::vector<ledger::Said> said_;
  std::set<Identity> identities_;
};

}  // namespace slabhound::join
