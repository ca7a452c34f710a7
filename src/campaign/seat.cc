#include "campaign/seat.h"

#include "campaign/death.h"

namespace slabhound::campaign {

JobStatus StatusOf(const Seat& seat, const CaseRun& run) {
  JobStatus status;
  if (!seat.job) return status;
  status.bytes = seat.job->resident_bytes();
  if (seat.idle()) return status;
  status.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - seat.ordered_at).count();
  if (seat.minimizing) {
    status.doing = Doing::Minimizing;
    status.number = seat.minimizing->number;
    status.what = diff::SignatureText(seat.minimizing->signature);
    return status;
  }
  if (seat.trying) {
    status.doing = Doing::Trying;
    status.what = seat.trying->slug;
    return status;
  }
  const Flight& flight = seat.job->flight();
  status.doing = Doing::Cases;
  status.number = seat.rest.first;
  status.what = StageName(flight.stage());
  const std::vector<engine::EngineSpec> engines = run.EnginesOf(status.number);
  const engine::EngineSpec* engine = EngineAt(flight, engines);
  if (engine != nullptr) status.what += " " + engine::EngineText(*engine);
  return status;
}

}  // namespace slabhound::campaign
