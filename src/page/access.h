// Who may ask the page, and who may change what it shows.
//
// 1. A request names this server as its host: a name of somebody else's that leads here is refused.
// 2. What a page of another origin sends is refused.
// 3. With a token, a request has it: as `Authorization: Bearer T`, or as the cookie that
//    /?token=T sets.
// 4. A change (POST) has the header x-slabhound-change with the word that only our own pages can
//    read (/api/session), and JSON as its type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "page/request.h"

namespace slabhound::page {

struct Access {
  std::string host = {};  // as it was asked for
  uint16_t port = 0;
  std::string token = {};   // empty: none is needed
  std::string change = {};  // the word for changes
  bool is_read_only = false;

  // Nothing: it may.
  std::optional<Answer> Refusal(const Request& request) const;
};

// Whether only this machine can reach it.
bool IsLoopback(const std::string& host);

// 32 digits that nobody can guess.
std::string MakeToken();

}  // namespace slabhound::page
