// A huge count in place of one that Binaryen chose: it asks for no array longer than
// array_elements_max, and engines compute sizes in 32 bits.
//
// 1. One constant that a bulk instruction takes for its count becomes a number near 2^29 … 2^32. A
//    module without such a constant stays as it is, and so does one that cannot be read.
// 2. An array has 2^31 bytes at least then: less is really had from some engines, a second each.
#pragma once

#include "base/bytes.h"
#include "base/rng.h"

namespace slabhound::gen {

Bytes WithHugeCount(Bytes module, Rng rng);

}  // namespace slabhound::gen
