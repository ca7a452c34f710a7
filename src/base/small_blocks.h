// Small blocks: operator new and delete of every program that links this room, for blocks of up to
// kSmallBlockBytesMax. A generated case makes thousands of them and frees them together, where the
// C library takes its slow way from the eighth of a size on.
//
// 1. Blocks of one size stand in pages of their own within one reserved range: sizes are multiples
//    of kSmallBlockStepBytes up to kFineBlockBytesMax, then powers of two. What is free is a list
//    for each size and thread, the last one freed first.
// 2. A larger block is malloc's; so is a small one when the range cannot be had, or is used up.
// 3. Whichever thread frees a block has it from then on. What is free when a thread ends is lost.
// 4. Pages are neither given back nor to another size: a process holds its most of each size.
// 5. malloc keeps what is freed at the end of its heap, up to kKeptBytesMax: to give pages back and
//    to have them cleared again costs more than a case.
// Under a sanitizer there is none of it: that has operators of its own. Aligned new is the
// library's.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SLABHOUND_SMALL_BLOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define SLABHOUND_SMALL_BLOCKS 0
#endif
#endif
#ifndef SLABHOUND_SMALL_BLOCKS
#define SLABHOUND_SMALL_BLOCKS 1
#endif

namespace slabhound {

inline constexpr size_t kSmallBlockStepBytes = 16;
inline constexpr size_t kFineBlockBytesMax = 1024;
inline constexpr size_t kSmallBlockBytesMax = 16 << 10;
inline constexpr int kKeptBytesMax = 64 << 20;

}  // namespace slabhound
