// The variant vector of a finding (cause/key.h) in a few lines: releases and configurations of the
// suspect's engine, each by what the case does there.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cause/key.h"
#include "engine/spec.h"

namespace slabhound::cli {

// A word and a text: {"releases", "FAIL 30.0.0 31.0.0, pass 32.0.0"}, then "options"; of a slab
// engine "schedules". Nothing of an empty vector. What does not fail and is not able is last.
std::vector<std::pair<std::string, std::string>> VariantText(const cause::VariantVector& variants,
                                                             const engine::EngineSpec& suspect);

// The releases around the suspect's on which it fails: "since 31.0.0 (30.0.0 passes), until 43.0.0
// (44.0.0 passes)". Nothing for an engine without releases.
std::string SinceText(const cause::VariantVector& variants, const engine::EngineSpec& suspect);

}  // namespace slabhound::cli
