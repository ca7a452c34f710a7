// An encoded test case on the default engines: a divergence or a panic aborts.
#include "fuzz/differential.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return slabhound::fuzz::Differ({data, size});
}
