// Implementation limits (spec appendix A.2): every count that input controls is bounded here, with
// its reason. Exceeding one is an error that names it. The numbers follow the JavaScript embedding
// unless a reason says otherwise.
#pragma once

#include <cstddef>
#include <cstdint>

namespace slabhound::wasm::limits {

inline constexpr size_t kModuleBytesMax = 32u << 20;  // larger than any case worth reading; an
                                                      // instruction of 1 byte takes 24 here
inline constexpr uint32_t kTypesMax = 1'000'000;
inline constexpr uint32_t kRecGroupsMax = 1'000'000;
inline constexpr uint32_t kSubtypingDepthMax = 63;
inline constexpr uint32_t kFunctionsMax = 1'000'000;
inline constexpr uint32_t kImportsMax = 1'000'000;
inline constexpr uint32_t kExportsMax = 1'000'000;
inline constexpr uint32_t kGlobalsMax = 1'000'000;
inline constexpr uint32_t kTagsMax = 1'000'000;
inline constexpr uint32_t kTablesMax = 100'000;
inline constexpr uint32_t kMemoriesMax = 100;
inline constexpr uint32_t kDataSegmentsMax = 100'000;
inline constexpr uint32_t kElemSegmentsMax = 100'000;
inline constexpr uint32_t kElemItemsMax =
    1'000'000;  // of all segments: one byte each in the input, 100 times that here
inline constexpr uint32_t kFunctionBytesMax = 7'654'321;
inline constexpr uint32_t kLocalsMax = 50'000;  // parameters included
inline constexpr uint32_t kLocalsTotalMax =
    10'000'000;  // of all functions: a declaration is two bytes
inline constexpr uint32_t kParamsMax = 1'000;
inline constexpr uint32_t kResultsMax = 1'000;
inline constexpr uint32_t kStructFieldsMax = 10'000;
inline constexpr uint32_t kArrayNewFixedMax = 10'000;
inline constexpr uint32_t kBrTableTargetsMax = 65'520;
inline constexpr uint32_t kNestingMax =
    10'000;  // blocks within blocks; recursive readers stay within a stack
inline constexpr uint32_t kNameBytesMax = 100'000;
inline constexpr uint32_t kCustomSectionsMax = 100'000;
inline constexpr uint32_t kNamesMax = 1'000'000;  // of the name section
// Validation: an instruction of two bytes may push 1,000 operands, and check as many.
inline constexpr size_t kOperandsMax = 1'000'000;           // on the stack at once
inline constexpr uint64_t kOperandChecksMax = 500'000'000;  // in lists of types, of a whole module

}  // namespace slabhound::wasm::limits
