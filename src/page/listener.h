// A socket that connections come in on.
#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace slabhound::page {

struct Listener {
  Descriptor socket;  // does not block
  uint16_t port = 0;
};

// The error is one line. Port 0: any that is free.
Result<Listener, std::string> ListenOn(const std::string& host, uint16_t port);

}  // namespace slabhound::page
