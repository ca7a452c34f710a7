#include "page/exchange.h"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <utility>

namespace slabhound::page {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 5> kSafeHeaders = {{
    {"Content-Security-Policy",
     "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

// A request that is all there, and its answer as it is written.
class Memory : public httplib::Stream {
 public:
  explicit Memory(std::string request) : request_(std::move(request)) {}

  bool is_readable() const override { return at_ < request_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const size_t count = std::min(size, request_.size() - at_);
    request_.copy(to, count, at_);
    at_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    answer_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return -1; }

  std::string TakeAnswer() { return std::move(answer_); }

 private:
  std::string request_, answer_;
  size_t at_ = 0;
};

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Request ToRequest(const httplib::Request& from) {
  Request request{.method = from.method, .path = from.path, .body = from.body};
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  for (const auto& [name, value] : from.headers) request.headers.emplace(LowerCase(name), value);
  return request;
}

bool Has(const Answer& answer, std::string_view header) {
  return std::ranges::any_of(answer.headers,
                             [header](const auto& each) { return each.first == header; });
}

Answer Ask(const Handler& handler, const httplib::Request& asked) {
  try {
    return handler(ToRequest(asked));
  } catch (const std::exception& error) {
    return Refused(500, error.what());
  }
}

std::string StreamHead() {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n";
  for (const auto& [name, value] : kSafeHeaders) head += fmt::format("{}: {}\r\n", name, value);
  return head + "\r\n: open\n\n";
}

}  // namespace

Exchanged PlainAnswer(int status) {
  return {.bytes = fmt::format("HTTP/1.1 {} \r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                               status)};
}

Exchanged Exchange(const Handler& handler, std::string head, std::string body) {
  struct Server : httplib::Server {
    using httplib::Server::process_request;
  } server;
  bool is_asked = false, is_stream = false;
  server.set_pre_routing_handler([&](const httplib::Request& asked, httplib::Response& response) {
    Answer given = Ask(handler, asked);
    is_asked = true;
    is_stream = given.is_stream;
    response.status = given.status;
    for (const auto& [name, value] : given.headers) response.set_header(name, value);
    for (const auto& [name, value] : kSafeHeaders) {
      if (!Has(given, name)) response.set_header(name, value);
    }
    response.set_content(given.body, given.type);
    return httplib::Server::HandlerResponse::Handled;
  });
  Memory memory(std::move(head));
  bool closes = false;
  const bool is_good = server.process_request(memory, /*close_connection=*/false, closes,
                                              [&](httplib::Request& asked) {
                                                asked.body = std::move(body);
                                                asked.ranges.clear();  // whole answers only
                                                // The library compresses as well as it can: that
                                                // takes longer than any network.
                                                asked.headers.erase("Accept-Encoding");
                                              });
  if (is_stream) return {.bytes = StreamHead(), .closes = false, .is_stream = true};
  std::string bytes = memory.TakeAnswer();
  if (bytes.empty()) return PlainAnswer(400);
  return {.bytes = std::move(bytes), .closes = closes || !is_good || !is_asked};
}

}  // namespace slabhound::page
