// Binaryen's generator in a child process of the fuzzer: bytes in, a module out.
//
// 1. Binaryen aborts the process on bugs of its own, may loop, and never frees its type store. The
//    child is what dies, is killed after kGenerateSeconds, and is replaced every
//    kModulesPerProcess modules; that input gives no module and is no finding.
// 2. Code of ours in the child is under the sanitizers like all other: an error of theirs, and a
//    failed CHECK, aborts the fuzzer. A segmentation fault in the child counts as Binaryen's.
// 3. The fuzzer never runs Binaryen itself, so each child starts from the same state.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/child.h"
#include "gen/generate.h"

namespace slabhound::fuzz {

inline constexpr int kGenerateSeconds = 5;
inline constexpr uint32_t kModulesPerProcess = 5'000;  // about 25 MB of types

class GeneratorProcess {
 public:
  ~GeneratorProcess();

  // Nothing when Binaryen failed on this input.
  std::optional<Bytes> Generate(const gen::Recipe& recipe);

 private:
  void Start();
  // Ends the child: by itself at the end of its input, or killed.
  void Stop(bool kill_it);
  std::optional<Bytes> Failed(bool kill_it);

  std::optional<Child> child_;
  Descriptor to_child_, from_child_, log_;
  uint32_t generated_ = 0;
};

}  // namespace slabhound::fuzz
