#include "page/site.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "base/hash.h"

namespace slabhound::page {
namespace {

struct SiteFile {
  std::string_view name, text;
};
constexpr SiteFile kFiles[] = {
#include "site.inc"
};

// In this order: what one uses when it is loaded comes before it.
constexpr std::array<std::string_view, 9> kScripts = {"dom.mjs",    "format.mjs",   "data.mjs",
                                                      "charts.mjs", "overview.mjs", "bugs.mjs",
                                                      "bug.mjs",    "reach.mjs",    "app.mjs"};

std::string_view TextOf(std::string_view name) {
  for (const SiteFile& file : kFiles) {
    if (file.name == name) return file.text;
  }
  UNREACHABLE();
}

// Without its imports and exports.
std::string Plain(std::string_view script) {
  std::string plain;
  while (!script.empty()) {
    const size_t end = std::min(script.find('\n'), script.size() - 1) + 1;
    std::string_view line = script.substr(0, end);
    script.remove_prefix(end);
    if (line.starts_with("import ")) continue;
    constexpr std::string_view kExport = "export ";
    if (line.starts_with(kExport)) line.remove_prefix(kExport.size());
    plain += line;
  }
  return plain;
}

std::string MakeScript() {
  std::string script = "\"use strict\";\n(() => {\n";
  for (const std::string_view name : kScripts) script += Plain(TextOf(name));
  return script + "})();\n";
}

const std::string& Script() {
  static const std::string script = MakeScript();
  return script;
}

std::string Style() {
  return std::string(TextOf("uPlot.min.css")) + std::string(TextOf("style.css"));
}

// With `to` instead of the one `from`.
std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

std::optional<Answer> SiteAnswer(const std::string& path) {
  constexpr const char* kScriptType = "text/javascript; charset=utf-8";
  if (path == "/") {
    return Answer{.type = "text/html; charset=utf-8", .body = std::string(TextOf("index.html"))};
  }
  if (path == "/style.css") return Answer{.type = "text/css; charset=utf-8", .body = Style()};
  if (path == "/app.js") return Answer{.type = kScriptType, .body = Script()};
  if (path == "/uplot.js") {
    return Answer{.type = kScriptType, .body = std::string(TextOf("uPlot.iife.min.js"))};
  }
  return std::nullopt;
}

std::string SelfContained(const std::string& data) {
  // Nothing runs but what has the number; what cases hold cannot know it.
  const std::string nonce = HashText(HashBytes(AsBytes(data)));
  std::string safe;
  for (const char c : data) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  const auto script = [&nonce](std::string_view text) {
    return fmt::format("<script nonce=\"{}\">{}</script>\n", nonce, text);
  };
  std::string html(TextOf("index.html"));
  html = Replaced(
      std::move(html), "<link rel=\"stylesheet\" href=\"style.css\">",
      fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "script-src 'nonce-{0}'; style-src 'nonce-{0}'; img-src data:; base-uri 'none'; "
                  "form-action 'none'\">\n<style nonce=\"{0}\">{1}</style>",
                  nonce, Style()));
  html = Replaced(std::move(html), "<script src=\"uplot.js\" defer></script>\n", "");
  html = Replaced(std::move(html), "<script src=\"app.js\" defer></script>\n", "");
  const std::string end =
      fmt::format("<script id=\"data\" type=\"application/json\" nonce=\"{}\">{}</script>\n", nonce,
                  safe) +
      script(TextOf("uPlot.iife.min.js")) + script(Script());
  return Replaced(std::move(html), "</body>", end + "</body>");
}

}  // namespace slabhound::page
