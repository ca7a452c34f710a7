// page_example OUT BUGS SYMPTOMS FINDINGS: makes a folder to look at (example.h).
// page_example OUT: adds one event to the database there, and prints its time, for tests of what is
// shown live.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "page/example.h"

namespace slabhound::page {
namespace {

int Main(int argc, char** argv) {
  if (argc == 5) {
    ExampleFolder(argv[1], {.bugs = std::strtoull(argv[2], nullptr, 10),
                            .symptoms = std::strtoull(argv[3], nullptr, 10),
                            .findings = std::strtoull(argv[4], nullptr, 10)});
    return 0;
  }
  if (argc != 2) return 2;
  auto ledger = ledger::Ledger::Open(argv[1]);
  if (!ledger) return 2;
  const int64_t now = ExampleNowMs();
  const auto begun =
      ledger->Begin({7, kExampleConfiguration}, {std::to_string(now), "0/1", "0.1.0", now});
  ledger::Batch batch;
  batch.at_ms = now;
  batch.events = {{"found", "", "event " + std::to_string(now)}};
  if (!begun || !ledger->Add(batch)) return 2;
  std::printf("%lld\n", static_cast<long long>(now));
  return 0;
}

}  // namespace
}  // namespace slabhound::page

int main(int argc, char** argv) { return slabhound::page::Main(argc, argv); }
