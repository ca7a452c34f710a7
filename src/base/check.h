// CHECK: a broken invariant of our own code. It prints one line and aborts; it is never an answer
// to bad input. CHECK is on in every build; DCHECK only in Debug builds.
#pragma once

namespace slabhound {

[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace slabhound

#define CHECK(condition)                             \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::slabhound::CheckFailed(#condition, __FILE__, __LINE__))
#define UNREACHABLE() ::slabhound::CheckFailed("unreachable", __FILE__, __LINE__)

#ifdef NDEBUG
#define DCHECK(condition) static_cast<void>(sizeof(!(condition)))
#else
#define DCHECK(condition) CHECK(condition)
#endif
