// A small deterministic random number generator (SplitMix64) with named, independent streams.
//
// 1. The sequence depends on the seed alone: the same on every machine, compiler and run.
// 2. Fork(name) gives a stream that does not depend on how much this one was used.
// It is not for anything that must be unpredictable.
#pragma once

#include <cstdint>
#include <string_view>

namespace slabhound {

class Rng {
 public:
  explicit Rng(uint64_t seed) : seed_(seed), state_(seed) {}

  uint64_t Next() { return Mix(state_ += 0x9e3779b97f4a7c15u); }

  // Uniform in [0, bound). Requires: bound > 0.
  uint64_t Below(uint64_t bound) {
    return static_cast<uint64_t>((static_cast<Wide>(Next()) * bound) >> 64);
  }

  // True once in `n` on average. Requires: n > 0.
  bool OneIn(uint64_t n) { return Below(n) == 0; }

  Rng Fork(std::string_view name) const {
    uint64_t hash = 0xcbf29ce484222325u;
    for (char c : name) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
    return Rng(Mix(seed_ ^ hash));
  }
  Rng Fork(uint64_t index) const { return Rng(Mix(seed_ ^ Mix(index + 1))); }

 private:
  __extension__ using Wide = unsigned __int128;

  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t seed_;
  uint64_t state_;
};

}  // namespace slabhound
