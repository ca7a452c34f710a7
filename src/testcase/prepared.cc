#include "testcase/prepared.h"

#include "rewrite/legacy_exceptions.h"

namespace slabhound::testcase {

Result<Prepared, wasm::Error> Prepare(TestCase test_case) {
  if (rewrite::HasLegacyExceptions(test_case.module)) {
    wasm::TypeStore types;  // of the module as it was
    TRY(valid::Validate(std::make_shared<const wasm::Module>(test_case.module), types));
    rewrite::LowerLegacyExceptions(test_case.module);
  }
  Prepared prepared;
  prepared.types = std::make_unique<wasm::TypeStore>();
  prepared.plan = std::move(test_case.plan);
  TRY_ASSIGN(prepared.module,
             valid::Validate(std::make_shared<const wasm::Module>(std::move(test_case.module)),
                             *prepared.types));
  return prepared;
}

}  // namespace slabhound::testcase
