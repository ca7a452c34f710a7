#include "heap/panic.h"

#include <array>

namespace slabhound::heap {
namespace {

constexpr std::array kTexts = {
#define SLABHOUND_PANIC(name, text) std::string_view{text},
#include "heap/panics.def"
};

}  // namespace

std::string_view PanicText(PanicKind kind) { return kTexts[static_cast<size_t>(kind)]; }

}  // namespace slabhound::heap
