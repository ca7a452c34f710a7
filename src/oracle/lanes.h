// A vector as its lanes, the lowest first (spec 4.3.1, lanes).
#pragma once

#include <array>
#include <bit>

#include "wasm/vector.h"

namespace slabhound::oracle {

template <typename T>
using Lanes = std::array<T, 16 / sizeof(T)>;

template <typename T>
Lanes<T> LanesOf(wasm::V128 vector) {
  return std::bit_cast<Lanes<T>>(vector);
}

template <typename T>
wasm::V128 VectorOf(const Lanes<T>& lanes) {
  return std::bit_cast<wasm::V128>(lanes);
}

}  // namespace slabhound::oracle
