#include "testcase/avoid.h"

#include <array>

#include "base/check.h"
#include "testcase/avoid_active_segments.h"
#include "testcase/avoid_bottom_null.h"
#include "testcase/avoid_bulk_bounds.h"
#include "testcase/avoid_convert_unsigned.h"
#include "testcase/avoid_extern_cast.h"
#include "testcase/avoid_init_elem.h"
#include "testcase/avoid_segment_values.h"
#include "testcase/avoid_tail_call.h"

namespace slabhound::testcase {

std::string_view AvoidanceText(Avoidance avoidance) {
  static constexpr std::array kTexts = {
      std::string_view(),
#define SLABHOUND_AVOIDANCE(name, text, ...) std::string_view(text),
#include "testcase/avoidances.def"
  };
  return kTexts[static_cast<size_t>(avoidance)];
}

bool Avoid(Avoidance avoidance, wasm::Module& module) {
  switch (avoidance) {
    case Avoidance::None:
      return false;
#define SLABHOUND_AVOIDANCE(name, ...) \
  case Avoidance::name:                \
    return Avoid##name(module);
#include "testcase/avoidances.def"
  }
  UNREACHABLE();
}

}  // namespace slabhound::testcase
