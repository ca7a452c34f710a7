// `slabhound serve`: the page of a campaign's folder over HTTP.
//
// 1. It binds to this machine alone unless it is told otherwise; then a token is needed, and made
//    where none is given.
// 2. It reads the folder; only what a person says in the page changes it, and with is_read_only
//    nothing does.
// 3. What changes in the folder is shown within two seconds: /api/events tells that there is more.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace slabhound::page {

inline constexpr uint16_t kPort = 7373;

struct ServerOptions {
  std::string folder;
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: any that is free
  std::string token = {};
  bool is_read_only = false;
};

class Server {
 public:
  // It listens, and answers once it runs. The error is one line.
  static Result<std::unique_ptr<Server>, std::string> Start(ServerOptions options);
  ~Server();

  // With its token, if it needs one.
  std::string Url() const;
  uint16_t port() const;
  // Until Stop, or until `stop` can be read.
  void Run(int stop = -1);
  void Stop();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace slabhound::page
