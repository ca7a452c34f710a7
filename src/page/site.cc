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

// As text in a script element.
std::string Safe(const std::string& data) {
  std::string safe;
  safe.reserve(data.size());
  for (const char c : data) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

// What each page may do; `images`: where they may be from, and what is said behind that.
std::string Policy(std::string_view nonce, std::string_view images) {
  return fmt::format(
      "default-src 'none'; script-src 'nonce-{0}'; style-src 'nonce-{0}'; base-uri 'none'; "
      "form-action 'none'; img-src {1}",
      nonce, images);
}

// `head`: what stands first in it.
std::string Page(std::string_view nonce, const std::string& data, const std::string& head) {
  std::string html(TextOf("index.html"));
  const auto insert = [&html](std::string_view before, const std::string& text) {
    const size_t at = html.find(before);
    CHECK(at != std::string::npos);
    html.insert(at, text);
  };
  insert("<title>", head);
  insert("</head>", fmt::format("<style nonce=\"{}\">{}</style>\n", nonce, Style()));
  insert("</body>",
         fmt::format("<script id=\"data\" type=\"application/json\" nonce=\"{0}\">{1}</script>\n"
                     "<script nonce=\"{0}\">{2}</script>\n<script nonce=\"{0}\">{3}</script>\n",
                     nonce, Safe(data), TextOf("uPlot.iife.min.js"), Script()));
  return html;
}

}  // namespace

std::string SelfContained(const std::string& data) {
  const std::string nonce = HashText(HashBytes(AsBytes(data)));
  return Page(nonce, data,
              fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n",
                          Policy(nonce, "data:")));
}

Answer ServedPage(const std::string& data, const std::string& nonce) {
  return {.type = "text/html; charset=utf-8",
          .body = Page(nonce, data, ""),
          .headers = {{"Content-Security-Policy",
                       Policy(nonce, "'self' data:; connect-src 'self'; frame-ancestors 'none'")}}};
}

}  // namespace slabhound::page
