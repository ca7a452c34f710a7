// Making the test case of one episode (episode.h) from the instances and actions that belong to it.
#pragma once

#include <memory>
#include <span>

#include "episode/episode.h"

namespace slabhound::episode {

inline constexpr size_t kSpectestInstance = SIZE_MAX;
inline constexpr size_t kCollectInstance = SIZE_MAX - 1;  // what forces a collection

struct InstanceUse {
  uint32_t line = 0;
  std::shared_ptr<const wasm::Module> module;
  std::vector<size_t> imports;  // for each: the instance that exports it, or one of the above
  const script::Assertion* assertion = nullptr;  // about its instantiation
};

// An instantiation or an action, in the script's order.
struct Use {
  uint32_t line = 0;
  size_t instance = 0;
  const script::Action* action = nullptr;  // none: the instantiation
  const script::Assertion* assertion = nullptr;
};

std::string ActionText(const script::Action& action);

// Adds the episode of these uses, and what of them failed or is not run.
void MakeCase(std::span<const InstanceUse> instances, std::span<const Use> uses, Episodes& made);

}  // namespace slabhound::episode
