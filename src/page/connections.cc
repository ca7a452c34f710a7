#include "page/connections.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

#include "page/framing.h"

namespace slabhound::page {
namespace {

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Connections::Connections(Listener listener, Serve serve, ConnectionLimits limits)
    : listener_(std::move(listener)),
      serve_(std::move(serve)),
      limits_(limits),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      queue_(limits.threads) {}

void Connections::Wake() {
  const uint64_t one = 1;
  (void)!write(wake_.get(), &one, sizeof one);
}

void Connections::Stop() {
  const std::scoped_lock lock(mutex_);
  stops_ = true;
  Wake();
}

void Connections::Broadcast(const std::string& text) {
  const std::scoped_lock lock(mutex_);
  broadcast_ += text;
  Wake();
}

void Connections::Run(int stop) {
  constexpr size_t kOwn = 3;
  std::vector<pollfd> polled;
  std::vector<Id> ids;
  for (;;) {
    polled = {{stop, POLLIN, 0}, {wake_.get(), POLLIN, 0}, {listener_.socket.get(), POLLIN, 0}};
    ids.clear();
    Deadline first = DeadlineIn(std::chrono::seconds(60));
    for (const auto& [id, connection] : connections_) {
      int events = connection.state == State::Answering ? 0 : POLLIN;
      if (!connection.to_send.empty()) events |= POLLOUT;
      polled.push_back({connection.socket.get(), static_cast<short>(events), 0});
      ids.push_back(id);
      if (HasDeadline(connection)) first = std::min(first, connection.deadline);
    }
    streams_ = CountStreams();
    poll(polled.data(), polled.size(), MillisecondsUntil(first));
    if (polled[0].revents != 0) return;
    for (size_t i = 0; i < ids.size(); ++i) {
      Connection& connection = connections_.at(ids[i]);
      if (!Advance(ids[i], connection, polled[kOwn + i].revents)) connections_.erase(ids[i]);
    }
    if (polled[1].revents != 0 && !TakeNews()) return;
    if (polled[2].revents != 0) Accept();
  }
}

size_t Connections::CountStreams() const {
  const auto is_stream = [](const auto& each) { return each.second.state == State::Streaming; };
  return static_cast<size_t>(std::ranges::count_if(connections_, is_stream));
}

bool Connections::HasDeadline(const Connection& connection) {
  if (connection.state == State::Answering) return false;
  return connection.state != State::Streaming || !connection.to_send.empty();
}

void Connections::Accept() {
  for (;;) {
    Descriptor socket(
        accept4(listener_.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) {
      if (errno == EMFILE || errno == ENFILE) MakeRoom();
      return;
    }
    if (connections_.size() >= limits_.connections_max) MakeRoom();
    if (connections_.size() >= limits_.connections_max) return;
    // An answer's last bytes do not wait for the browser to confirm those before.
    const int yes = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    Connection connection;
    connection.socket = std::move(socket);
    connection.deadline = DeadlineIn(limits_.request_time);
    connections_.emplace(next_id_++, std::move(connection));
  }
}

void Connections::MakeRoom() {
  auto oldest = connections_.end();
  for (auto it = connections_.begin(); it != connections_.end(); ++it) {
    const State state = it->second.state;
    if (state != State::Receiving && state != State::Draining) continue;
    if (oldest == connections_.end() || it->second.deadline < oldest->second.deadline) oldest = it;
  }
  if (oldest != connections_.end()) connections_.erase(oldest);
}

bool Connections::TakeNews() {
  uint64_t count = 0;
  (void)!read(wake_.get(), &count, sizeof count);
  std::vector<std::pair<Id, Exchanged>> answers;
  std::string broadcast;
  {
    const std::scoped_lock lock(mutex_);
    if (stops_) return false;
    answers.swap(answers_);
    broadcast.swap(broadcast_);
  }
  for (auto& [id, answer] : answers) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    TakeAnswer(found->second, std::move(answer));
    if (!Send(id, found->second)) connections_.erase(found);
  }
  if (broadcast.empty()) return true;
  for (auto it = connections_.begin(); it != connections_.end();) {
    Connection& connection = it->second;
    bool stays = true;
    if (connection.state == State::Streaming) {
      if (connection.to_send.empty()) connection.deadline = DeadlineIn(limits_.answer_time);
      connection.to_send += broadcast;
      stays = connection.to_send.size() <= limits_.stream_bytes_max && Send(it->first, connection);
    }
    it = stays ? std::next(it) : connections_.erase(it);
  }
  return true;
}

void Connections::TakeAnswer(Connection& connection, Exchanged answer) {
  if (answer.is_stream && CountStreams() >= limits_.streams_max) answer = PlainAnswer(503);
  connection.state = answer.is_stream ? State::Streaming : State::Sending;
  connection.closes = answer.closes;
  connection.to_send += answer.bytes;
  connection.deadline = DeadlineIn(limits_.answer_time);
}

bool Connections::Advance(Id id, Connection& connection, short events) {
  if ((events & (POLLERR | POLLNVAL)) != 0) return false;
  if (connection.state == State::Answering) return (events & POLLHUP) == 0;
  if ((events & POLLOUT) != 0 && !Send(id, connection)) return false;
  if ((events & (POLLIN | POLLHUP)) != 0 && connection.state != State::Answering) {
    if (!Receive(connection)) return false;
    if (connection.state == State::Receiving && !HandOn(id, connection)) return false;
  }
  return !HasDeadline(connection) || std::chrono::steady_clock::now() < connection.deadline;
}

bool Connections::Receive(Connection& connection) {
  std::array<char, 16u << 10> bytes;
  const ssize_t count = recv(connection.socket.get(), bytes.data(), bytes.size(), 0);
  if (count < 0) return WouldBlock();
  if (count == 0) return false;
  const bool is_heard = connection.state == State::Receiving || connection.state == State::Sending;
  if (!is_heard) return true;
  if (connection.received.size() > kHeadBytesMax + kBodyBytesMax) return false;
  connection.received.append(bytes.data(), static_cast<size_t>(count));
  return true;
}

bool Connections::HandOn(Id id, Connection& connection) {
  const Framed framed = FindRequest(connection.received);
  if (framed.state == Framed::State::Incomplete) return true;
  if (framed.state == Framed::State::Refused) {
    connection.received.clear();
    TakeAnswer(connection, PlainAnswer(framed.status));
    return Send(id, connection);
  }
  connection.state = State::Answering;
  std::string head = connection.received.substr(0, framed.head_bytes);
  std::string body = connection.received.substr(framed.head_bytes, framed.body_bytes);
  connection.received.erase(0, framed.head_bytes + framed.body_bytes);
  queue_.Add([this, id, head = std::move(head), body = std::move(body)] {
    Exchanged answer = serve_(head, body);
    const std::scoped_lock lock(mutex_);
    answers_.emplace_back(id, std::move(answer));
    Wake();
  });
  return true;
}

bool Connections::Send(Id id, Connection& connection) {
  while (!connection.to_send.empty()) {
    const ssize_t count = send(connection.socket.get(), connection.to_send.data(),
                               connection.to_send.size(), MSG_NOSIGNAL);
    if (count < 0) return WouldBlock();
    connection.to_send.erase(0, static_cast<size_t>(count));
  }
  if (connection.state != State::Sending) return true;
  connection.deadline = DeadlineIn(limits_.request_time);
  if (connection.closes) {
    connection.state = State::Draining;
    return shutdown(connection.socket.get(), SHUT_WR) == 0;
  }
  connection.state = State::Receiving;
  return connection.received.empty() || HandOn(id, connection);
}

}  // namespace slabhound::page
