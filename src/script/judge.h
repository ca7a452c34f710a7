// Judge: whether what came is what an assertion expects, and both as text for one line.
#pragma once

#include <string>

#include "machine/machine.h"
#include "script/script.h"

namespace slabhound::script {

// Of an action.
bool Meets(const Assertion& assertion, const machine::Outcome& outcome,
           const wasm::TypeStore& types);
// Of a module that was not even valid, or could not be instantiated.
bool Meets(const Assertion& assertion, const wasm::Error& error);
bool Meets(const Assertion& assertion, const machine::InstantiationFailure& failure);

std::string ExpectedText(const Assertion& assertion);
std::string OutcomeText(const machine::Outcome& outcome, const wasm::TypeStore& types);
std::string FailureText(const machine::InstantiationFailure& failure);

}  // namespace slabhound::script
