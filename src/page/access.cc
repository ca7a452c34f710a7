#include "page/access.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstddef>
#include <string_view>

#include "base/check.h"

namespace slabhound::page {
namespace {

constexpr std::string_view kCookie = "slabhound";

// Takes as long whatever differs.
bool IsSame(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

// The cookie's value; empty: there is none.
std::string_view CookieOf(const Request& request) {
  std::string_view rest = request.Header("cookie");
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(';'), rest.size());
    std::string_view each = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (each.starts_with(' ')) each.remove_prefix(1);
    if (!each.starts_with(kCookie) || !each.substr(kCookie.size()).starts_with('=')) continue;
    return each.substr(kCookie.size() + 1);
  }
  return {};
}

bool HasToken(const Request& request, const std::string& token) {
  std::string_view bearer = request.Header("authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (bearer.starts_with(kBearer)) return IsSame(bearer.substr(kBearer.size()), token);
  return IsSame(CookieOf(request), token);
}

bool IsOwnHost(std::string_view named, const std::string& host, uint16_t port) {
  // Who is asked from elsewhere has names that are not known here; the token is for that.
  if (!IsLoopback(host)) return !named.empty();
  for (const std::string_view own : {"127.0.0.1", "localhost", "[::1]"}) {
    if (named == fmt::format("{}:{}", own, port)) return true;
  }
  return named == fmt::format("{}:{}", host, port);
}

}  // namespace

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string MakeToken() {
  std::array<unsigned char, 16> bytes{};
  CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::optional<Answer> Access::Refusal(const Request& request) const {
  const std::string_view named = request.Header("host");
  if (!IsOwnHost(named, host, port)) {
    return Refused(403, fmt::format("this is not the server of that host; ask for {}:{}",
                                    IsLoopback(host) ? "127.0.0.1" : host, port));
  }
  const std::string_view origin = request.Header("origin");
  if (!origin.empty() && origin != fmt::format("http://{}", named)) {
    return Refused(403, "a page of another origin may not ask");
  }
  if (!token.empty()) {
    const auto given = request.query.find("token");
    if (request.method == "GET" && request.path == "/" && given != request.query.end() &&
        IsSame(given->second, token)) {
      return Answer{
          .status = 303,
          .headers = {{"Location", "/"},
                      {"Set-Cookie",
                       fmt::format("{}={}; HttpOnly; SameSite=Strict; Path=/", kCookie, token)}}};
    }
    if (!HasToken(request, token)) {
      return Refused(401, "a token is needed: open /?token=… as `slabhound serve` printed it");
    }
  }
  if (request.method == "GET" || request.method == "HEAD") return std::nullopt;
  if (request.method != "POST") return Refused(405, "GET, HEAD and POST are all there is");
  if (is_read_only) return Refused(403, "this page is read-only (--read-only)");
  if (!IsSame(request.Header("x-slabhound-change"), change)) {
    return Refused(403, "a change needs the word of /api/session in x-slabhound-change");
  }
  if (!request.Header("content-type").starts_with(kJsonType)) {
    return Refused(415, "a change is JSON");
  }
  return std::nullopt;
}

}  // namespace slabhound::page
