// The kernels in registers of 256 bits.

#if defined(__x86_64__)

#include <immintrin.h>
#include <stdint.h>

// For these functions alone: the rest of the program runs on every processor.
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

typedef uint64_t V256 __attribute__((vector_size(32)));

#define V V256
#define NAME(x) x##_avx2

static inline void clear_registers(void) {
    __asm__ volatile("vzeroall" ::: "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                     "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory");
}

#include "Wiring.h"

#include "PairCircuits.h"

#include "Body.h"

#pragma clang attribute pop

#endif
