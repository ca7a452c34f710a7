#include "campaign/report.h"

#include "campaign/wire.h"

namespace slabhound::campaign {
namespace {

enum Tag : uint64_t { kCases = 1, kMinimize, kCase, kMinimized };

void Write(WireWriter& out, const CasesOrder& order) {
  out.Number(kCases);
  out.Number(order.first);
  out.Number(order.count);
}

void Write(WireWriter& out, const MinimizeOrder& order) {
  out.Number(kMinimize);
  out.Text(order.signature);
  out.Blob(order.module);
  out.Number(order.number);
  out.Number(order.died ? 1 : 0);
  out.Text(order.releases);
}

void Write(WireWriter& out, const trace::Recurrence& recurrence) {
  out.Number(recurrence.seen);
  out.Number(recurrence.tries);
  out.Number(recurrence.reduced ? 1 : 0);
  out.Number(recurrence.history.size());
  for (const trace::SentRun& sent : recurrence.history) {
    out.Text(worker::RequestText(sent.request));
    out.Blob(sent.module);
  }
}

// Nothing that is no request.
std::optional<trace::Recurrence> ReadRecurrence(WireReader& in) {
  trace::Recurrence recurrence;
  recurrence.seen = static_cast<uint32_t>(in.Number());
  recurrence.tries = static_cast<uint32_t>(in.Number());
  recurrence.reduced = in.Number() != 0;
  for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) {
    auto request = worker::ParseRequest(in.Text());
    if (!request) return std::nullopt;
    recurrence.history.push_back({*std::move(request), in.Blob()});
  }
  return recurrence;
}

void Write(WireWriter& out, const CaseReport& report) {
  out.Number(kCase);
  out.Number(report.number);
  out.Number(static_cast<uint64_t>(report.verdict));
  out.Number((report.fuel_exhausted ? 1u : 0u) | (report.depth_exhausted ? 2u : 0u) |
             (report.heap_exhausted ? 4u : 0u));
  out.Number(report.generate_ns);
  out.Number(report.judge_ns);
  out.Text(report.reason);
  for (const auto* names : {&report.known, &report.avoided}) {
    out.Number(names->size());
    for (const std::string& name : *names) out.Text(name);
  }
  out.Text(report.signature);
  out.Text(report.explanation);
  out.Text(report.suspect);
  out.Text(report.releases);
  out.Blob(report.module);
  Write(out, report.recurrence);
}

void Write(WireWriter& out, const MinimizedReport& report) {
  out.Number(kMinimized);
  out.Text(report.signature);
  out.Number(report.complete ? 1 : 0);
  out.Number(report.candidates);
  out.Text(report.failure);
  out.Number(report.seen);
  out.Number(report.tries);
  out.Text(report.explanation);
  out.Text(report.suspect);
  out.Blob(report.module);
  out.Text(report.regression);
  out.Text(report.regression_missing);
}

std::optional<CaseReport> ReadCase(WireReader& in) {
  CaseReport report;
  report.number = in.Number();
  report.verdict = static_cast<diff::VerdictKind>(
      std::min<uint64_t>(in.Number(), static_cast<uint64_t>(diff::VerdictKind::Rejected)));
  const uint64_t exhausted = in.Number();
  report.fuel_exhausted = exhausted & 1;
  report.depth_exhausted = exhausted & 2;
  report.heap_exhausted = exhausted & 4;
  report.generate_ns = in.Number();
  report.judge_ns = in.Number();
  report.reason = in.Text();
  for (auto* names : {&report.known, &report.avoided}) {
    for (uint64_t left = in.Number(); left > 0 && in.ok(); --left) names->push_back(in.Text());
  }
  report.signature = in.Text();
  report.explanation = in.Text();
  report.suspect = in.Text();
  report.releases = in.Text();
  report.module = in.Blob();
  auto recurrence = ReadRecurrence(in);
  if (!recurrence) return std::nullopt;
  report.recurrence = *std::move(recurrence);
  return report;
}

MinimizedReport ReadMinimized(WireReader& in) {
  MinimizedReport report;
  report.signature = in.Text();
  report.complete = in.Number() != 0;
  report.candidates = in.Number();
  report.failure = in.Text();
  report.seen = static_cast<uint32_t>(in.Number());
  report.tries = static_cast<uint32_t>(in.Number());
  report.explanation = in.Text();
  report.suspect = in.Text();
  report.module = in.Blob();
  report.regression = in.Text();
  report.regression_missing = in.Text();
  return report;
}

}  // namespace

Bytes WriteOrder(const Order& order) {
  WireWriter out;
  std::visit([&out](const auto& each) { Write(out, each); }, order);
  return out.bytes();
}

std::optional<Order> ReadOrder(ByteSpan frame) {
  WireReader in(frame);
  std::optional<Order> order;
  switch (in.Number()) {
    case kCases: {
      const uint64_t first = in.Number();
      order = CasesOrder{first, in.Number()};
      break;
    }
    case kMinimize: {
      MinimizeOrder minimize;
      minimize.signature = in.Text();
      minimize.module = in.Blob();
      minimize.number = in.Number();
      minimize.died = in.Number() != 0;
      minimize.releases = in.Text();
      order = std::move(minimize);
      break;
    }
    default:
      break;
  }
  if (!in.at_end()) return std::nullopt;
  return order;
}

Bytes WriteReport(const Report& report) {
  WireWriter out;
  std::visit([&out](const auto& each) { Write(out, each); }, report);
  return out.bytes();
}

std::optional<Report> ReadReport(ByteSpan frame) {
  WireReader in(frame);
  std::optional<Report> report;
  switch (in.Number()) {
    case kCase:
      report = ReadCase(in);
      break;
    case kMinimized:
      report = ReadMinimized(in);
      break;
    default:
      break;
  }
  if (!in.at_end()) return std::nullopt;
  return report;
}

}  // namespace slabhound::campaign
