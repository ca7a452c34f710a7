// JSON as the page sends it. What a case or an engine wrote need not be UTF-8: that is replaced.
#pragma once

#include <string>

#include "campaign/finding_json.h"
#include "page/request.h"

namespace slabhound::page {

inline std::string JsonText(const campaign::Json& json) {
  return json.dump(-1, ' ', false, campaign::Json::error_handler_t::replace);
}

inline Answer JsonAnswer(const campaign::Json& json) {
  return {.type = std::string(kJsonType), .body = JsonText(json)};
}

}  // namespace slabhound::page
