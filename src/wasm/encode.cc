#include "wasm/encode.h"

#include <algorithm>

#include "base/leb128.h"
#include "wasm/encode_code.h"
#include "wasm/encode_types.h"
#include "wasm/sections.h"

namespace slabhound::wasm {
namespace {

void AppendName(Bytes& out, std::string_view name) {
  AppendUnsignedLeb(out, name.size());
  out.insert(out.end(), name.begin(), name.end());
}

void AppendSection(Bytes& out, SectionId id, const Bytes& content) {
  out.push_back(id);
  AppendUnsignedLeb(out, content.size());
  out.insert(out.end(), content.begin(), content.end());
}

// A section that is a vector of items; none at all when there are none.
template <typename Items, typename Append>
void AppendVectorSection(Bytes& out, SectionId id, const Items& items, Append append) {
  if (items.empty()) return;
  Bytes content;
  AppendUnsignedLeb(content, items.size());
  for (const auto& item : items) append(content, item);
  AppendSection(out, id, content);
}

void AppendImport(Bytes& out, const Import& import) {
  AppendName(out, import.module);
  AppendName(out, import.name);
  out.push_back(static_cast<uint8_t>(import.kind()));
  switch (import.kind()) {
    case ExternKind::Func:
      AppendUnsignedLeb(out, std::get<FuncRef>(import.type).type);
      return;
    case ExternKind::Table:
      return AppendTableType(out, std::get<TableType>(import.type));
    case ExternKind::Memory:
      return AppendLimits(out, std::get<MemoryType>(import.type).limits);
    case ExternKind::Global:
      return AppendGlobalType(out, std::get<GlobalType>(import.type));
    case ExternKind::Tag:
      return AppendTagType(out, std::get<TagType>(import.type));
  }
}

void AppendElem(Bytes& out, const ElemSegment& segment) {
  const bool active = segment.mode == SegmentMode::Active;
  // The short active form has neither a table index nor a kind: table 0 and the default type.
  const bool default_type =
      segment.type == ValType::Ref(AbstractHeap::Func, /*nullable=*/!segment.plain_functions);
  const bool short_form = active && segment.table == 0 && default_type;
  uint8_t flags = segment.plain_functions ? 0 : 4;
  if (segment.mode == SegmentMode::Declarative) flags |= 3;
  if (segment.mode == SegmentMode::Passive) flags |= 1;
  if (active && !short_form) flags |= 2;
  out.push_back(flags);
  if (active) {
    if (!short_form) AppendUnsignedLeb(out, segment.table);
    AppendExpression(out, segment.table_offset);
  }
  if (flags & 3) {
    if (segment.plain_functions) {
      out.push_back(0);
    } else {
      AppendValType(out, segment.type);
    }
  }
  AppendUnsignedLeb(out, segment.items.size());
  for (const Body& item : segment.items) {
    if (segment.plain_functions) {
      AppendUnsignedLeb(out, item.code.front().a);
    } else {
      AppendExpression(out, item);
    }
  }
}

void AppendData(Bytes& out, const DataSegment& segment) {
  const bool active = segment.mode == SegmentMode::Active;
  out.push_back(!active ? 1 : segment.memory == 0 ? 0 : 2);
  if (active) {
    if (segment.memory != 0) AppendUnsignedLeb(out, segment.memory);
    AppendExpression(out, segment.memory_offset);
  }
  AppendUnsignedLeb(out, segment.bytes.size());
  out.insert(out.end(), segment.bytes.begin(), segment.bytes.end());
}

void AppendFunction(Bytes& out, const Function& function) {
  Bytes body;
  // Runs of equal locals are one declaration.
  Bytes runs;
  uint32_t run_count = 0;
  for (size_t i = 0; i < function.locals.size(); ++run_count) {
    size_t end = i;
    while (end < function.locals.size() && function.locals[end] == function.locals[i]) ++end;
    AppendUnsignedLeb(runs, end - i);
    AppendValType(runs, function.locals[i]);
    i = end;
  }
  AppendUnsignedLeb(body, run_count);
  body.insert(body.end(), runs.begin(), runs.end());
  AppendExpression(body, function.body);
  AppendUnsignedLeb(out, body.size());
  out.insert(out.end(), body.begin(), body.end());
}

bool UsesData(const Module& module) {
  return std::ranges::any_of(module.functions, [](const Function& function) {
    return std::ranges::any_of(function.body.code, [](const Instr& instr) {
      const ImmediatesInfo& info = Info(Info(instr.op).immediates);
      return info.first == ImmediateKind::Data || info.second == ImmediateKind::Data;
    });
  });
}

}  // namespace

Bytes Encode(const Module& module) {
  Bytes out = {0, 'a', 's', 'm', 1, 0, 0, 0};
  AppendTypeSection(out, module);
  AppendVectorSection(out, kImportSection, module.imports, AppendImport);
  AppendVectorSection(
      out, kFunctionSection, module.functions,
      [](Bytes& to, const Function& function) { AppendUnsignedLeb(to, function.type); });
  AppendVectorSection(out, kTableSection, module.tables, [](Bytes& to, const Table& table) {
    if (table.init) to.insert(to.end(), {0x40, 0x00});
    AppendTableType(to, table.type);
    if (table.init) AppendExpression(to, *table.init);
  });
  AppendVectorSection(out, kMemorySection, module.memories, [](Bytes& to, const Memory& memory) {
    AppendLimits(to, memory.type.limits);
  });
  AppendVectorSection(out, kTagSection, module.tags,
                      [](Bytes& to, const Tag& tag) { AppendTagType(to, tag.type); });
  AppendVectorSection(out, kGlobalSection, module.globals, [](Bytes& to, const Global& global) {
    AppendGlobalType(to, global.type);
    AppendExpression(to, global.init);
  });
  AppendVectorSection(out, kExportSection, module.exports, [](Bytes& to, const Export& exported) {
    AppendName(to, exported.name);
    to.push_back(static_cast<uint8_t>(exported.kind));
    AppendUnsignedLeb(to, exported.index);
  });
  if (module.start) {
    Bytes content;
    AppendUnsignedLeb(content, *module.start);
    AppendSection(out, kStartSection, content);
  }
  AppendVectorSection(out, kElemSection, module.elems, AppendElem);
  if (module.data_count || UsesData(module)) {
    Bytes content;
    AppendUnsignedLeb(content, module.datas.size());
    AppendSection(out, kDataCountSection, content);
  }
  AppendVectorSection(out, kCodeSection, module.functions, AppendFunction);
  AppendVectorSection(out, kDataSection, module.datas, AppendData);
  for (const CustomSection& custom : module.customs) {
    Bytes content;
    AppendName(content, custom.name);
    content.insert(content.end(), custom.bytes.begin(), custom.bytes.end());
    AppendSection(out, kCustomSection, content);
  }
  return out;
}

}  // namespace slabhound::wasm
