// The code of one answer, or of what the host does outside: a function's body.
#pragma once

#include "provide/replay.h"

namespace slabhound::provide {

class ReplayCode {
 public:
  // `counter` is the global that tells the event `departed` its number.
  ReplayCode(Replay& replay, uint32_t counter, uint32_t params)
      : replay_(replay),
        assembly_(replay.assembly_),
        values_(replay.values_),
        counter_(counter),
        params_(params) {}

  using Made = Result<std::monostate, std::string>;
  // Compares the arguments, acts, and ends as the call did.
  Made Answer(const wasm::FuncType& type, const ImportCall& call);
  Made Actions(const std::vector<Action>& actions);
  uint32_t Define(wasm::TypeIdx type) &&;

 private:
  Made Finish(const wasm::FuncType& type, const End& end);
  Made DoWrite(const Write& write);
  Made Call(const HostCall& call);
  Made CallReference(const HostCall& call);
  // The arguments, the call by `emit`, and what became of it.
  template <typename Emit>
  Made CallAs(const HostCall& call, const wasm::FuncType& type, Emit emit);
  Made TakeResults(const HostCall& call, const wasm::FuncType& type);
  void Depart();
  Result<uint32_t, std::string> Find(const Target& target, wasm::ExternKind kind) const;

  Replay& replay_;
  Assembly& assembly_;
  HostValues& values_;
  uint32_t counter_, params_;
  wasm::Code code_;
  std::vector<wasm::ValType> locals_;
};

}  // namespace slabhound::provide
