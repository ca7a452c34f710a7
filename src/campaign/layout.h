// Where the folders of symptoms stand in a folder of findings: a bug is the folder of its
// representative symptom, and its other symptoms are folders in symptoms/ of that one.
//
// 1. A symptom's folder is in one place at any moment: it moves by one rename, and is empty of
//    others before it does. A kill between two moves leaves more bugs, never fewer symptoms.
// 2. Arrange is idempotent: whatever a kill left, the next pass goes on from there.
// 3. What is not asked for stays where it is; a name that is taken is not replaced.
#pragma once

#include <map>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace slabhound::campaign {

// The folders of symptoms by name, each with the bug that it stands below; empty: it is one itself.
using Places = std::map<std::string, std::string>;

Result<Places, FileError> FindPlaces(const std::string& folder);
std::string PathOf(const std::string& folder, const std::string& slug, const std::string& bug);

// Brings folders where `wanted` says.
Result<void, FileError> Arrange(const std::string& folder, const Places& wanted);

// All symptoms below that bug become bugs of their own, until the next Arrange.
Result<void, FileError> MoveOut(const std::string& folder, const std::string& bug);

// One process at a time changes a folder of findings. It waits for its turn.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

}  // namespace slabhound::campaign
