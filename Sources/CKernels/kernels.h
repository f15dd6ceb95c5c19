#pragma once
// What the kernels share: vectors of 16 numbers, versions for several instruction sets, teams of threads.
#include <stdint.h>
#include <string.h>

#include "ckernels.h"

// One version for AVX-512, one for AVX2 with FMA, one for the least x86-64; elsewhere the compiler's own target.
#if defined(__x86_64__) && defined(__linux__)
#define VERSIONS __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define VERSIONS
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float floats __attribute__((vector_size(64), aligned(4)));
typedef int32_t words __attribute__((vector_size(64), aligned(4)));
typedef uint8_t bytes __attribute__((vector_size(16), aligned(1)));
enum { lane_count = 16 };

/// Part of a kernel's work: the items from `first` up to `last`, by that member of the team.
typedef void range_kernel(const void *arguments, int64_t first, int64_t last, int member);

/// Runs the kernel over `count` items, split evenly over a team of at most `threads` threads.
void run_in_team(range_kernel *kernel, const void *arguments, int64_t count, int threads);
