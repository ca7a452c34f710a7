// Every place of a module that names something by index, so that indices can be renumbered in one
// pass: derived from immediates.def.
//
// A body's pools are visited whole: they must hold nothing that no instruction names (Tidy).
#pragma once

#include <functional>

#include "wasm/module.h"
#include "wasm/names.h"

namespace slabhound::rewrite {

using Space = wasm::IndexSpace;
inline constexpr size_t kSpaceCount = wasm::kIndexSpaceCount;

using IndexVisitor = std::function<void(Space, uint32_t&)>;

void VisitType(wasm::ValType& type, const IndexVisitor& visit);
void VisitSubType(wasm::SubType& type, const IndexVisitor& visit);
void VisitImport(wasm::Import& import, const IndexVisitor& visit);
void VisitBody(wasm::Body& body, const IndexVisitor& visit);
void VisitFunction(wasm::Function& function, const IndexVisitor& visit);
void VisitElem(wasm::ElemSegment& segment, const IndexVisitor& visit);
void VisitData(wasm::DataSegment& segment, const IndexVisitor& visit);
// All of the above, definitions, exports and the start function.
void VisitModule(wasm::Module& module, const IndexVisitor& visit);

// The same body with pools that hold exactly what its instructions name, in their order.
wasm::Body Tidy(const wasm::Body& body);

}  // namespace slabhound::rewrite
