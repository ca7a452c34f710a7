#include "page/report.h"

#include <utility>

#include "page/json_answer.h"
#include "page/site.h"
#include "page/views.h"

namespace slabhound::page {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string Base64(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (size_t j = 0; j < 4; ++j) {
      text += i + j > bytes.size() ? '=' : kBase64[group >> (18 - 6 * j) & 63];
    }
  }
  return text;
}

bool IsText(const std::string& type) { return type.starts_with("text/"); }

}  // namespace

Result<std::string, std::string> ReportText(const std::string& folder, size_t bytes_max) {
  TRY_ASSIGN(const auto views, Views::Open(folder));
  campaign::Json data = campaign::Json::object();
  size_t bytes = 0;
  for (const std::string& path : views->Paths()) {
    const auto answer = views->Get(path);
    if (!answer || answer->status != 200) continue;
    bytes += answer->body.size();
    if (path.starts_with("/file/") && bytes > bytes_max) continue;
    if (answer->type == kJsonType) {
      data[path] = campaign::Json::parse(answer->body, nullptr, false);
    } else if (IsText(answer->type)) {
      data[path] = answer->body;
    } else {
      data[path] = {{"type", answer->type}, {"base64", Base64(answer->body)}};
    }
  }
  return SelfContained(JsonText(data));
}

}  // namespace slabhound::page
