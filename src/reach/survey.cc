#include "reach/survey.h"

#include "engine/draw.h"
#include "exec/machine.h"
#include "reach/site.h"
#include "trace/run.h"

namespace slabhound::reach {
namespace {

static_assert(kStateCount <= kStateBits);

constexpr uint64_t Bit(State state) { return uint64_t{1} << static_cast<unsigned>(state); }

// Collects states by cell; a cell is the site of all its instructions.
class States final : public exec::Observer {
 public:
  States(bytecode::Sites sites, bool is_fragmented)
      : sites_(std::move(sites)),
        always_(Bit(State::Ran) | (is_fragmented ? Bit(State::Fragmented) : 0)),
        seen_(kCellCount) {}

  const bytecode::Sites& sites() const override { return sites_; }
  void Ran(uint32_t site, const exec::HeapPast& past) override {
    seen_[site] |=
        always_ | Bit(past.collections == 0 ? State::Fresh : State::Collected) |
        (past.frees > 0 ? Bit(State::Freed) : 0) | (past.reuses > 0 ? Bit(State::Reused) : 0) |
        (past.copies > 0 ? Bit(State::Moved) : 0) | (past.is_tight ? Bit(State::Tight) : 0);
  }
  uint64_t Of(uint32_t cell) const { return seen_[cell]; }

 private:
  bytecode::Sites sites_;
  uint64_t always_;
  std::vector<uint64_t> seen_;
};

bool Collects(const engine::SlabSpec& slab) {
  return slab.collector != gc::CollectorKind::Null &&
         slab.schedule.kind != gc::Schedule::Kind::Never;
}

engine::SlabSpec Choose(std::span<const engine::EngineSpec> engines, uint64_t draw) {
  std::vector<engine::SlabSpec> own;
  for (const engine::EngineSpec& each : engines) {
    if (each.kind == engine::EngineKind::Slab && Collects(each.slab)) own.push_back(each.slab);
  }
  if (!own.empty()) return own[draw % own.size()];
  return engine::Draw({.drawn = 0}, draw);
}

}  // namespace

Reached Survey(const testcase::Prepared& prepared, std::span<const engine::EngineSpec> engines,
               uint64_t draw, const trace::RunLimits& limits) {
  const engine::SlabSpec slab = Choose(engines, draw);
  CodeSites code = SitesOf(prepared.module);
  States states(std::move(code.sites), slab.settings.start == heap::Start::Fragmented);
  {
    exec::Config config{.collector = slab.collector,
                        .schedule = slab.schedule,
                        .settings = slab.settings,
                        .cost_per_point = limits.collection_cost_per_point,
                        .observer = &states};
    config.settings.verification = heap::Verification::OnRequest;
    const auto machine = exec::MakeMachine(*prepared.types, limits.machine, config);
    trace::RunOn(*machine, prepared, limits);
  }
  Reached reached;
  for (const uint32_t cell : code.anywhere) {
    reached.push_back(uint64_t{cell} << kStateBits | Bit(State::Generated) | states.Of(cell));
  }
  return reached;
}

}  // namespace slabhound::reach
