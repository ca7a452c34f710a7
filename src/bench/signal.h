// How a fault showed: the words of the "checked" column of heap/faults.def, told of a finding.
//
// It follows from the finding's signature, never from the catalogue: a fault may well show in
// another way than its row expects.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "diff/signature.h"

namespace slabhound::bench {

enum class Signal : uint8_t {
#define SLABHOUND_SIGNAL(name, ...) name,
#include "bench/signals.def"
};

std::string_view SignalName(Signal signal);
std::optional<Signal> FindSignal(std::string_view name);

// Requires: the signature is of a finding.
Signal SignalOf(const diff::Signature& signature);

}  // namespace slabhound::bench
