// For tests of this room: modules made in code, run on a machine.
//
//   ModuleBuilder module;
//   module.Define(module.Func({}, {ValType::I32}), {}, Code().I32(7), "seven");
//   Rig rig({.schedule = *gc::ParseSchedule("every-allocation")});
//   rig.Instantiate(module);
//   EXPECT_EQ(Text(rig.Call("seven")), "7");
#pragma once

#include "exec/machine.h"
#include "machine/fixture.h"

namespace slabhound::exec {

using machine::Text;
using machine::Types;
using machine::Validated;

class Rig : public machine::Rig {
 public:
  explicit Rig(const Config& config = {}, const machine::Limits& limits = {})
      : machine::Rig([&](wasm::TypeStore& types) { return MakeMachine(types, limits, config); }) {}
};

}  // namespace slabhound::exec
