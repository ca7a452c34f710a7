#include "page/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "page/access.h"
#include "page/changes.h"
#include "page/connections.h"
#include "page/json_answer.h"
#include "page/retelling.h"
#include "page/site.h"
#include "page/views.h"

namespace slabhound::page {
namespace {

using Clock = std::chrono::steady_clock;

// The time between two looks at the folder: so many times what a look takes, within bounds.
constexpr std::chrono::milliseconds kLook{400}, kLookMax{1000};
constexpr int kLookShare = 10;

constexpr std::string_view kRepro = "/api/repro/";
// So often a stream is sent something, so that both sides know that it is there.
constexpr std::chrono::seconds kSign{10};

campaign::Json Session(const Access& access) {
  return {{"change", access.is_read_only ? "" : access.change}, {"read_only", access.is_read_only}};
}

}  // namespace

struct Server::Parts {
  Parts(ServerOptions options, std::unique_ptr<Views> shown, Listener listener)
      : access{.host = options.host,
               .port = listener.port,
               .token = std::move(options.token),
               .change = MakeToken(),
               .is_read_only = options.is_read_only},
        views(std::move(shown)),
        changes(*views),
        connections(std::move(listener), [this](std::string head, std::string body) {
          return Exchange([this](const Request& request) { return Handle(request); },
                          std::move(head), std::move(body));
        }) {}

  Answer Handle(const Request& request) {
    if (auto refusal = access.Refusal(request)) return *std::move(refusal);
    if (request.method == "POST") {
      if (request.path == "/api/change") return changes.Make(request.body);
      if (!request.path.starts_with(kRepro)) return Refused(404, "nothing to change there");
      const auto bug = views->Bug(request.path.substr(kRepro.size()));
      return bug ? retelling.Run(*bug) : Refused(404, "no symptom has that slug");
    }
    if (request.path == "/api/session") return JsonAnswer(Session(access));
    if (request.path == "/api/events") return {.is_stream = true};
    if (request.path.starts_with(kRepro)) {
      return {.body = retelling.Told(request.path.substr(kRepro.size()))};
    }
    views->RefreshAfter(kLook);
    if (request.path == "/") {
      campaign::Json start = views->Start();
      start["/api/session"] = Session(access);
      return ServedPage(JsonText(start), MakeToken());
    }
    if (auto answer = views->Get(request.path)) return *std::move(answer);
    return Refused(404, "there is no such page");
  }

  // Looks at the folder until it is to end.
  void Watch() {
    Clock::time_point signed_at = Clock::now();
    std::unique_lock lock(mutex);
    Clock::duration pause = kLook;
    while (!ending.wait_for(lock, pause, [this] { return ends; })) {
      const Clock::time_point begin = Clock::now();
      // Nobody looks: then a request looks itself.
      if (connections.streams() == 0) continue;
      const bool is_other = views->Refresh();
      pause = std::clamp<Clock::duration>((Clock::now() - begin) * kLookShare, kLook, kLookMax);
      if (!is_other && begin - signed_at < kSign) continue;
      connections.Broadcast(is_other ? "event: change\ndata: {}\n\n" : ": here\n\n");
      signed_at = begin;
    }
  }

  Access access;
  std::unique_ptr<Views> views;
  Changes changes;
  Retelling retelling;
  std::mutex mutex;
  std::condition_variable ending;
  bool ends = false;
  Connections connections;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>, std::string> Server::Start(ServerOptions options) {
  if (!IsLoopback(options.host) && options.token.empty()) options.token = MakeToken();
  TRY_ASSIGN(auto views, Views::Open(options.folder));
  TRY_ASSIGN(Listener listener, ListenOn(options.host, options.port));
  return std::unique_ptr<Server>(new Server(
      std::make_unique<Parts>(std::move(options), std::move(views), std::move(listener))));
}

std::string Server::Url() const {
  const Access& access = parts_->access;
  const bool is_v6 = access.host.find(':') != std::string::npos;
  std::string url = fmt::format("http://{}{}{}:{}/", is_v6 ? "[" : "", access.host,
                                is_v6 ? "]" : "", access.port);
  if (!access.token.empty()) url += "?token=" + access.token;
  return url;
}

uint16_t Server::port() const { return parts_->access.port; }

void Server::Run(int stop) {
  std::thread watch([this] { parts_->Watch(); });
  parts_->connections.Run(stop);
  {
    const std::scoped_lock lock(parts_->mutex);
    parts_->ends = true;
  }
  parts_->ending.notify_all();
  watch.join();
}

void Server::Stop() { parts_->connections.Stop(); }

}  // namespace slabhound::page
