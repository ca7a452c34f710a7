// What `minimize --explain` and `--steps` print: where candidates went, and what each step took.
#pragma once

#include <string>

#include "minimizer/minimize.h"

namespace slabhound::cli {

// A table, a row for each reducer that proposed anything.
std::string AccountTable(const minimizer::Minimized& minimized);

// A line.
std::string StepText(const minimizer::Step& step);

}  // namespace slabhound::cli
