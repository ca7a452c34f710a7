#include "wasm/encode_code.h"

#include "base/leb128.h"
#include "wasm/encode_types.h"

namespace slabhound::wasm {
namespace {

void AppendOpcode(Bytes& out, const OpcodeInfo& info) {
  if (info.prefix == 0) {
    out.push_back(static_cast<uint8_t>(info.code));
  } else {
    out.push_back(info.prefix);
    AppendUnsignedLeb(out, info.code);
  }
}

void AppendFixed(Bytes& out, uint64_t bits, size_t size) {
  for (size_t i = 0; i < size; ++i) out.push_back(static_cast<uint8_t>(bits >> (8 * i)));
}

void AppendBrCast(Bytes& out, const Instr& instr) {
  const ValType source = CastSource(instr), target = CastTarget(instr);
  out.push_back(static_cast<uint8_t>((source.nullable() ? 1 : 0) | (target.nullable() ? 2 : 0)));
  AppendUnsignedLeb(out, instr.a);
  AppendHeapType(out, source.heap());
  AppendHeapType(out, target.heap());
}

void AppendTryTable(Bytes& out, const Body& body, const Instr& instr) {
  AppendBlockType(out, BlockType::FromBits(instr.a));
  AppendUnsignedLeb(out, instr.bits);
  for (uint64_t i = 0; i < instr.bits; ++i) {
    const CatchClause& clause = body.catches[instr.b + i];
    out.push_back(static_cast<uint8_t>(clause.kind));
    if (clause.kind == CatchKind::Catch || clause.kind == CatchKind::CatchRef)
      AppendUnsignedLeb(out, clause.tag);
    AppendUnsignedLeb(out, clause.label);
  }
}

void AppendMemArg(Bytes& out, const Instr& instr) {
  const uint32_t align = AccessAlign(instr);
  AppendUnsignedLeb(out, instr.a == 0 ? align : align | 0x40);
  if (instr.a != 0) AppendUnsignedLeb(out, instr.a);
  AppendUnsignedLeb(out, instr.bits);
  if (AccessesLane(instr.op)) out.push_back(static_cast<uint8_t>(AccessLane(instr)));
}

void AppendPlain(Bytes& out, const Instr& instr, ImmediateKind kind, uint32_t slot) {
  switch (kind) {
    case ImmediateKind::Nothing:
      return;
    case ImmediateKind::BlockType:
      return AppendBlockType(out, BlockType::FromBits(slot));
    case ImmediateKind::Heap:
      return AppendHeapType(out, HeapType::FromCode(slot));
    case ImmediateKind::I32:
      return AppendSignedLeb(out, static_cast<int32_t>(static_cast<uint32_t>(instr.bits)));
    case ImmediateKind::I64:
      return AppendSignedLeb(out, static_cast<int64_t>(instr.bits));
    case ImmediateKind::F32:
      return AppendFixed(out, instr.bits, 4);
    case ImmediateKind::F64:
      return AppendFixed(out, instr.bits, 8);
    case ImmediateKind::V128:
    case ImmediateKind::Lanes:
      AppendFixed(out, VectorOf(instr).low, 8);
      return AppendFixed(out, VectorOf(instr).high, 8);
    case ImmediateKind::Lane:
      return out.push_back(static_cast<uint8_t>(slot));
    default:
      return AppendUnsignedLeb(out, slot);
  }
}

void AppendInstr(Bytes& out, const Body& body, const Instr& instr) {
  const OpcodeInfo& info = Info(instr.op);
  AppendOpcode(out, info);
  switch (info.immediates) {
    case Immediates::None:
      return;
    case Immediates::Func:
    case Immediates::Local:
    case Immediates::Global:
      return AppendUnsignedLeb(out, instr.a);
    case Immediates::BrTable:
      AppendUnsignedLeb(out, instr.b);
      for (uint32_t i = 0; i <= instr.b; ++i) AppendUnsignedLeb(out, body.labels[instr.a + i]);
      return;
    case Immediates::BrCast:
      return AppendBrCast(out, instr);
    case Immediates::SelectTypes:
      AppendUnsignedLeb(out, instr.b);
      for (uint32_t i = 0; i < instr.b; ++i) AppendValType(out, body.types[instr.a + i]);
      return;
    case Immediates::TryTable:
      return AppendTryTable(out, body, instr);
    default: {
      if (AccessBytes(instr.op) != 0) return AppendMemArg(out, instr);
      const ImmediatesInfo& immediates = Info(info.immediates);
      AppendPlain(out, instr, immediates.first, instr.a);
      AppendPlain(out, instr, immediates.second, instr.b);
      return;
    }
  }
}

}  // namespace

void AppendExpression(Bytes& out, const Body& body) {
  for (const Instr& instr : body.code) AppendInstr(out, body, instr);
}

}  // namespace slabhound::wasm
