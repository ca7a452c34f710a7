// A decoded and validated test case: what every engine starts from.
#pragma once

#include <memory>

#include "testcase/testcase.h"
#include "valid/valid_module.h"

namespace slabhound::testcase {

struct Prepared {
  std::unique_ptr<wasm::TypeStore> types;
  valid::ValidModule module;
  Plan plan;
};
// An invalid module is the error; a generated one is then rejected. Legacy exceptions are lowered
// (rewrite/legacy_exceptions.h): no engine sees them.
Result<Prepared, wasm::Error> Prepare(TestCase test_case);

}  // namespace slabhound::testcase
