#include "testcase/prepared.h"

namespace slabhound::testcase {

Result<Prepared, wasm::Error> Prepare(TestCase test_case) {
  Prepared prepared;
  prepared.types = std::make_unique<wasm::TypeStore>();
  prepared.plan = std::move(test_case.plan);
  TRY_ASSIGN(prepared.module,
             valid::Validate(std::make_shared<const wasm::Module>(std::move(test_case.module)),
                             *prepared.types));
  return prepared;
}

}  // namespace slabhound::testcase
