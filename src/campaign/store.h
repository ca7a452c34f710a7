// The folder of findings: one folder a bucket, each with case.wasm, case.wat, regression.wast (of
// minimized cases), finding.json, and history/ where a failure of an engine's worker needs what the
// worker ran before (history_files.h). `slabhound repro FOLDER` shows it again.
//
// 1. A bucket's folder appears, or changes, as a whole: a reader, or a kill at any moment, sees the
//    old files or the new.
// 2. A case is replaced by a better one only: minimized before unminimized, then with a shorter
//    history, then smaller.
// 3. What another campaign left is kept and counted; a folder that cannot be read is left alone.
// 4. finding.json carries the number of its format. One that is missing is 1, in which buckets had
//    other folders: it is kept. A later one than ours cannot be read.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "diff/signature.h"

namespace slabhound::campaign {

// Everything that finding.json tells. `kind` says what it is: a finding of the product, or a case
// that was kept for its own sake (generator crash, killed).
struct Finding {
  std::string kind = "finding";
  diff::Signature signature;  // the bucket
  std::string verdict;        // diverge, panic, crash, hang …
  std::string explanation;    // a few lines for people
  std::string suspect;        // engine text; may be empty
  std::vector<std::string> engines;
  uint64_t seed = 0, number = 0;
  std::string binaryen_version;
  bool minimized = false;
  uint64_t original_bytes = 0;   // of the module as generated, without a plan
  std::string errors;            // what the job wrote to stderr before it died
  trace::Recurrence recurrence;  // of an engine's worker; no tries: not looked at
  // Files.
  Bytes module;            // case.wasm; may be empty for a crash of the generator
  Bytes input;             // input.bin, the generator's bytes; of crashes
  std::string regression;  // regression.wast, if not empty
  std::string regression_missing = "the case is not minimized";  // why there is none
};

class Store {
 public:
  // Opens or makes the folder and reads what is there. What a process that is gone left unfinished
  // (".part") is removed.
  static Result<Store, FileError> Open(const std::string& folder);

  // Writes the finding when it is the bucket's first or better than what is there; returns whether
  // it did.
  Result<bool, FileError> Offer(const Finding& finding);
  // Adds cases to the count of the bucket of that slug.
  Result<void, FileError> AddCount(const std::string& slug, uint64_t count);

  // Tells in the bucket's file why its case is not minimized, and how often it was reproduced.
  Result<void, FileError> Explain(const diff::Signature& signature, const std::string& why,
                                  uint32_t seen, uint32_t tries);

  // Buckets that were there before this campaign.
  size_t found_before() const { return found_before_; }
  std::string FolderOf(const diff::Signature& signature) const;

 private:
  struct Bucket {
    bool readable = true;
    bool minimized = false;
    uint64_t history = 0, bytes = 0;
  };

  explicit Store(std::string folder) : folder_(std::move(folder)) {}
  Result<void, FileError> Write(const Finding& finding, const std::string& slug, uint64_t count);

  std::string folder_;
  std::map<std::string, Bucket> buckets_;  // by folder name
  size_t found_before_ = 0;
};

}  // namespace slabhound::campaign
