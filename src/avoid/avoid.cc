#include "avoid/avoid.h"

#include <array>

#include "base/check.h"

namespace slabhound::avoid {

std::string_view AvoidanceText(Avoidance avoidance) {
  static constexpr std::array kTexts = {
      std::string_view(),
#define SLABHOUND_AVOIDANCE(name, text, ...) std::string_view(text),
#include "avoid/avoidances.def"
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
#include "avoid/avoidances.def"
  }
  UNREACHABLE();
}

}  // namespace slabhound::avoid
