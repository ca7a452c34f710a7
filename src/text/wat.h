// The text format (spec chapter 6) for modules: reader and printer.
//
// 1. ReadModule accepts the grammar of the profile, abbreviations and annotations included; errors
//    carry line:column.
// 2. PrintModule writes text that ReadModule reads back to an equal module, custom sections too.
//    Two things have no text: a data count that no instruction needs, and an empty initializer of a
//    table (which is never valid).
// Neither validates.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wasm/error.h"
#include "wasm/module.h"

namespace slabhound::text {

// `source` is one module: "(module …)" or its fields alone.
Result<wasm::Module, wasm::Error> ReadModule(std::string_view source);

// Validation tells an offset; in a module read from `source` that is a place of the text.
wasm::Error Located(wasm::Error error, std::string_view source);

// A string of the text format, in its quotes.
std::string Quoted(std::string_view bytes);

std::string PrintModule(const wasm::Module& module);

}  // namespace slabhound::text
