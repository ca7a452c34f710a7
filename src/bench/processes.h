// Tasks in processes of their own, some at a time, each of which leads a group that ends with it.
//
// 1. Tasks begin in their order. SIGINT and SIGTERM of the terminal do not reach them.
// 2. The first SIGINT or SIGTERM of this process kills those under way and starts no more, the
//    second ends it at once. None outlives it.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "base/result.h"

namespace slabhound::bench {

// What a task does in its process. False: it could not write what it must.
using Task = std::function<bool()>;

// Whether they were interrupted. The error is one line: no process can be had, or one failed.
Result<bool, std::string> RunTasks(std::span<const Task> tasks, unsigned at_a_time);

}  // namespace slabhound::bench
