// Encoding of types (spec 5.3): internal to the encoder.
#pragma once

#include "base/bytes.h"
#include "wasm/module.h"

namespace slabhound::wasm {

void AppendHeapType(Bytes& out, HeapType type);
void AppendValType(Bytes& out, ValType type);
void AppendBlockType(Bytes& out, BlockType type);
void AppendLimits(Bytes& out, const Limits& limits);
void AppendTableType(Bytes& out, const TableType& type);
void AppendGlobalType(Bytes& out, const GlobalType& type);
void AppendTagType(Bytes& out, const TagType& type);
void AppendTypeSection(Bytes& out, const Module& module);

}  // namespace slabhound::wasm
