#include "script/profile.h"

#include <string>

namespace slabhound::script {
namespace {

constexpr LeftOut kLeftOut[] = {
#define SLABHOUND_LEFT_OUT(name, reason) {name, reason},
#include "script/profile.def"
};

}  // namespace

const LeftOut* FindLeftOut(std::string_view path) {
  const std::string whole = "/" + std::string(path) + "/";
  for (const LeftOut& entry : kLeftOut) {
    if (whole.contains("/" + std::string(entry.name) + "/")) return &entry;
  }
  return nullptr;
}

}  // namespace slabhound::script
