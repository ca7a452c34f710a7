// For tests of this room: a machine with modules on it, and what a call came to as text.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   Rig rig;
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include "machine/fixture.h"
#include "oracle/machine.h"

namespace slabhound::oracle {

using machine::Text;
using machine::Types;

class Rig : public machine::Rig {
 public:
  explicit Rig(const machine::Limits& limits = {})
      : machine::Rig([&](wasm::TypeStore& types) { return MakeMachine(types, limits); }) {}
};

}  // namespace slabhound::oracle
