// One request and its answer, as the page's code sees them: no sockets, no library's types.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slabhound::page {

struct Request {
  std::string method, path;                                     // the path is decoded
  std::map<std::string, std::string> query = {}, headers = {};  // headers by lower-case name
  std::string body = {};

  // Empty: there is none.
  std::string_view Header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
};

inline constexpr std::string_view kJsonType = "application/json";
inline constexpr std::string_view kTextType = "text/plain; charset=utf-8";

struct Answer {
  int status = 200;
  std::string type = std::string(kTextType);
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  bool is_stream = false;  // it stays open, and is sent what is broadcast (connections.h)
};

inline Answer Refused(int status, std::string why) {
  return {.status = status, .body = std::move(why) + "\n"};
}

using Handler = std::function<Answer(const Request&)>;

}  // namespace slabhound::page
