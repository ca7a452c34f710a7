#include "worker/diagnose.h"

#include <gtest/gtest.h>

#include <csignal>

namespace slabhound::worker {
namespace {

std::string Told(std::string_view errors, ExitStatus status = {.signal = SIGABRT}) {
  return trace::FailureText(Diagnose(status, errors, 1u << 30));
}

TEST(Diagnose, RustPanicsAreTheirMessage) {
  EXPECT_EQ(Told("thread '<unnamed>' panicked at /home/me/.cargo/src/wasmtime/src/slab.rs:4:9:\n"
                 "id from different slab\nnote: run with `RUST_BACKTRACE=1`\n"),
            "id from different slab");
  EXPECT_EQ(Told("thread 'main' (17) panicked at crates/types.rs:583:5:\n"
                 "index out of bounds: the len is 5 but the index is 12\n"),
            "index out of bounds: the len is N but the index is N at types.rs");
  EXPECT_EQ(Told("thread 'a' panicked at src/a.rs:1:1:\n"
                 "VMSharedTypeIndex is not registered: 0x7ffe12ab\n"),
            "VMSharedTypeIndex is not registered: N");
}

TEST(Diagnose, WordsOfOtherEnginesAreKnown) {
  EXPECT_EQ(Told("\n#\n# Fatal error in ../deps/v8/src/heap.cc, line 12\n"
                 "# Check failed: IsWasmStruct(*object).\n"),
            "IsWasmStruct(*object).");
  EXPECT_EQ(Told("==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010"),
            "heap-use-after-free on address N");
  EXPECT_EQ(Told("FATAL ERROR: Reached heap limit Allocation failed - "
                 "JavaScript heap out of memory\n"),
            "out of memory");
  EXPECT_EQ(Told("ASSERTION FAILED: MemoryExhaustion: Crash intentionally because memory is "
                 "exhausted.\nfailureMode != AllocationFailureMode::Assert\n"),
            "out of memory");
}

TEST(Diagnose, APanicForLackOfMemoryIsNone) {
  EXPECT_EQ(Told("thread 'a' panicked at src/libcalls.rs:926:26:\n"
                 "const expr should be valid: GC heap out of memory\n"),
            "out of memory");
}

TEST(Diagnose, WithoutWordsTheStatusSpeaks) {
  EXPECT_EQ(Told("", {.signal = SIGSEGV}), "crash: SIGSEGV");
  EXPECT_EQ(Told(""), "abort");
  EXPECT_EQ(Told("some text", {.code = 3}), "exit: code 3");
  EXPECT_EQ(Told("", {.signal = SIGABRT, .peak_bytes = 1u << 30}), "out of memory");
  const trace::Failure crash = Diagnose({.signal = SIGSEGV}, "last words", 0);
  EXPECT_EQ(crash.kind, trace::FailureKind::Crash);
  EXPECT_EQ(crash.detail, "last words");
}

TEST(Diagnose, AForeignHandIsNoCrash) {
  EXPECT_EQ(Told("", {.signal = SIGTERM}), "killed: SIGTERM");
  EXPECT_EQ(Told("", {.signal = SIGKILL}), "killed: SIGKILL");
  EXPECT_EQ(Told("", {.signal = SIGBUS}), "crash: SIGBUS");
}

}  // namespace
}  // namespace slabhound::worker
