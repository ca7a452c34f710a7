#include "page/listener.h"

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace slabhound::page {
namespace {

uint16_t PortOf(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace

Result<Listener, std::string> ListenOn(const std::string& host, uint16_t port) {
  const auto fail = [&](const char* why) {
    return Fail(fmt::format("cannot listen on {}, port {}: {}; --host and --port name others", host,
                            port, why));
  };
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found)) {
    return fail(gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
  Descriptor listening(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  setsockopt(listening.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  constexpr int kBacklog = 1024;
  if (listening.get() < 0 || bind(listening.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(listening.get(), kBacklog) != 0) {
    return fail(std::strerror(errno));
  }
  const uint16_t bound = PortOf(listening.get());
  return Listener{std::move(listening), bound};
}

}  // namespace slabhound::page
