// A whole request's bytes become the bytes of its answer; cpp-httplib reads the one and writes the
// other.
//
// 1. It knows no sockets: who has those is connections.h.
// 2. Whatever the bytes, there is an answer. What the handler throws is an answer of 500.
// 3. Every answer has the headers that keep a browser from running anything but our scripts.
#pragma once

#include <string>

#include "page/request.h"

namespace slabhound::page {

struct Exchanged {
  std::string bytes;
  bool closes = true;      // the connection, once it is sent
  bool is_stream = false;  // it stays open instead
};

// An answer of so few words that it needs no request.
Exchanged PlainAnswer(int status);

// From any thread. `head` ends in its empty line.
Exchanged Exchange(const Handler& handler, std::string head, std::string body);

}  // namespace slabhound::page
