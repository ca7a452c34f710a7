// Files of a campaign's folder by what is in them: DIR/artifacts/ab/abcdef0123456789ab….
//
// 1. A file appears as a whole, with its content on the disk, before its name is given out.
// 2. The same content is one file, so writing it again changes nothing.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace slabhound::ledger {

// Returns its name: 32 hexadecimal digits.
Result<std::string, FileError> WriteArtifact(const std::string& folder, ByteSpan content);
// Where the artifact of that name is. Nothing else than a name gives a path in the folder.
Result<std::string, FileError> ArtifactPath(const std::string& folder, const std::string& name);

}  // namespace slabhound::ledger
