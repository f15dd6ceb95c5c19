#include "include/ckernels.h"

#if defined(__SSE2__)
#include <xmmintrin.h>

// Flush-to-zero for results, denormals-are-zero for operands.
#define FLUSH 0x8040u

uint32_t kernel_flush_denormals(void) {
    const uint32_t before = _mm_getcsr();
    _mm_setcsr(before | FLUSH);
    return before;
}

void kernel_restore_denormals(uint32_t before) { _mm_setcsr(before); }
#else
uint32_t kernel_flush_denormals(void) { return 0; }

void kernel_restore_denormals(uint32_t before) { (void)before; }
#endif
