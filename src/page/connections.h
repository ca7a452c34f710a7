// All connections of the page's server: one thread moves bytes, a few others answer whole requests.
//
// 1. A slow client costs a connection and its bytes, never a thread: a request is handed on when
//    it is all there (framing.h), an answer is sent as its client takes it.
// 2. Everything has a bound: connections, streams, the time for a request and for an answer. Where
//    there is no room, the connection that has waited longest for its request makes it.
// 3. A stream is sent what is broadcast; one that does not take it is closed.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/deadline.h"
#include "base/descriptor.h"
#include "page/exchange.h"
#include "page/listener.h"
#include "page/work_queue.h"

namespace slabhound::page {

struct ConnectionLimits {
  size_t connections_max = 512, streams_max = 64;
  std::chrono::milliseconds request_time{10'000};  // of a request, and between two
  std::chrono::milliseconds answer_time{20'000};
  size_t stream_bytes_max = 256u << 10;  // that a stream may leave untaken
  unsigned threads = 4;
};

class Connections {
 public:
  using Serve = std::function<Exchanged(std::string head, std::string body)>;

  Connections(Listener listener, Serve serve, ConnectionLimits limits = {});

  // Until Stop, or until `stop` can be read.
  void Run(int stop = -1);
  // From any thread.
  void Stop();
  void Broadcast(const std::string& text);
  size_t streams() const { return streams_; }

 private:
  // Draining: all is sent, and what still comes is dropped, so that the answer arrives.
  enum class State : uint8_t { Receiving, Answering, Sending, Streaming, Draining };
  struct Connection {
    Descriptor socket;
    State state = State::Receiving;
    Deadline deadline;
    std::string received, to_send;
    bool closes = false;  // once all is sent
  };
  using Id = uint64_t;  // in the order of their coming

  size_t CountStreams() const;
  static bool HasDeadline(const Connection& connection);
  void Accept();
  void MakeRoom();
  // False: it is to stop.
  bool TakeNews();
  void TakeAnswer(Connection& connection, Exchanged answer);
  // Of these, false: it is to be closed.
  bool Advance(Id id, Connection& connection, short events);
  bool Receive(Connection& connection);
  bool HandOn(Id id, Connection& connection);
  bool Send(Id id, Connection& connection);
  void Wake();

  Listener listener_;
  Serve serve_;
  ConnectionLimits limits_;
  Descriptor wake_;
  std::map<Id, Connection> connections_;
  Id next_id_ = 0;
  std::atomic<size_t> streams_ = 0;

  std::mutex mutex_;  // of what other threads write
  std::vector<std::pair<Id, Exchanged>> answers_;
  std::string broadcast_;
  bool stops_ = false;

  WorkQueue queue_;  // the last: what it does needs all else
};

}  // namespace slabhound::page
