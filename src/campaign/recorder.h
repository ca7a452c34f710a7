// News that are kept in the ledger too, as they are told.
#pragma once

#include "campaign/logbook.h"
#include "campaign/news.h"

namespace slabhound::campaign {

class Recorder : public News {
 public:
  // Both live longer than it.
  Recorder(News& news, Logbook& logbook) : news_(news), logbook_(logbook) {}

  void Tell(const Event& event) override {
    news_.Tell(event);
    logbook_.Tell(std::string(EventName(event.kind)), event.slug, event.line);
  }
  void Tick() override { news_.Tick(); }
  bool IsDue(double seconds) const override { return news_.IsDue(seconds); }
  void Show(const Status& status) override { news_.Show(status); }
  void End(const Status& status) override { news_.End(status); }

 private:
  News& news_;
  Logbook& logbook_;
};

}  // namespace slabhound::campaign
