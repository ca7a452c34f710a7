// Decoding of types (spec 5.3): internal to the decoder.
#pragma once

#include "wasm/byte_reader.h"
#include "wasm/module.h"

namespace slabhound::wasm {

HeapType DecodeHeapType(ByteReader& in);
ValType DecodeRefType(ByteReader& in);
ValType DecodeValType(ByteReader& in);
BlockType DecodeBlockType(ByteReader& in);
Limits DecodeLimits(ByteReader& in, bool may_have_page_size);
TableType DecodeTableType(ByteReader& in);
MemoryType DecodeMemoryType(ByteReader& in);
GlobalType DecodeGlobalType(ByteReader& in);
TagType DecodeTagType(ByteReader& in);
void DecodeTypeSection(ByteReader& in, Module& module);

}  // namespace slabhound::wasm
