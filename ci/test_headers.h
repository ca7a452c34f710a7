// What most tests include, parsed once per build folder (ci/precompiled.cmake).
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ci/headers.h"
