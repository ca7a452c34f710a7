// Whole files, read with a bound and written atomically.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace slabhound {

struct FileError {
  std::string message;   // one line: path, and what is wrong with it
  bool no_room = false;  // the disk, or what of it may be used, is full
};

// Reads a regular file of at most `bytes_max` bytes; a directory, a larger file or an unreadable
// one is an error.
Result<Bytes, FileError> ReadFile(const std::string& path, size_t bytes_max);

FileError FileErrorOf(const std::string& path, int error);

// Writes through a temporary file in the same folder and renames it: readers see the old content or
// the new. Nothing is left of a try that failed.
Result<void, FileError> WriteFile(const std::string& path, ByteSpan content);

// Creates a folder and its parents; one that exists is fine.
Result<void, FileError> MakeFolder(const std::string& path);

// Once it returns, the file's content survives a power cut; of a folder, the names in it.
Result<void, FileError> SyncFile(const std::string& path);

}  // namespace slabhound
