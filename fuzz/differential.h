// The property behind the targets that run modules: the engines of this process agree on a test
// case.
#pragma once

#include "base/bytes.h"

namespace slabhound::fuzz {

// Judges an encoded test case on the default engines. A divergence or panic is told on stderr and
// aborts. 0, or -1 for what is no valid test case: a fuzzer need not keep it.
int Differ(ByteSpan test_case);

}  // namespace slabhound::fuzz
