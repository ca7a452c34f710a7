#include "fuzz/differential.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "diff/compare.h"

namespace slabhound::fuzz {

int Differ(ByteSpan bytes) {
  const auto test_case = testcase::ReadTestCase(bytes);
  if (!test_case.has_value()) return -1;
  const diff::Verdict verdict = diff::Judge(*test_case, engine::DefaultEngines(), {});
  if (verdict.is_finding()) {
    fmt::print(stderr, "fuzz: {}: {}\n{}\n", diff::VerdictName(verdict.kind),
               diff::SignatureText(verdict.signature), verdict.explanation);
    std::abort();
  }
  return verdict.kind == diff::VerdictKind::Rejected ? -1 : 0;
}

}  // namespace slabhound::fuzz
