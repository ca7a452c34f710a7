// For tests of this room: a machine with modules on it, and what a call came to as text.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   Rig rig;
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include "embed/fixture.h"
#include "oracle/machine.h"

namespace slabhound::oracle {

using embed::Text;
using embed::Types;

class Rig : public embed::Rig {
 public:
  explicit Rig(const embed::Limits& limits = {})
      : embed::Rig([&](wasm::TypeStore& types) { return MakeMachine(types, limits); }) {}
};

}  // namespace slabhound::oracle
