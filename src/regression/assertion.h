// Calls and their outcomes as commands of a specification script.
#pragma once

#include <optional>
#include <string>

#include "machine/machine.h"
#include "testcase/testcase.h"

namespace slabhound::regression {

// (invoke "name" constants…); nothing when an argument has no constant in scripts.
std::optional<std::string> InvokeText(const testcase::Call& call,
                                      std::span<const machine::Value> arguments,
                                      const wasm::TypeStore& types);

// How a result that is a host object is asked for.
enum class HostPattern : uint8_t { Number, AnyObject };

// The assertion that `action` ends in this outcome; nothing for fuel, heap and panics, which no
// other engine need share.
std::optional<std::string> AssertionText(std::string_view action, const machine::Outcome& outcome,
                                         const wasm::TypeStore& types,
                                         HostPattern hosts = HostPattern::Number);

}  // namespace slabhound::regression
