// What callers see: chooses the kernel, and wipes what it left on the stack.

#include "CBitslicedDES.h"

#include <string.h>

#include "Kernel.h"
#include "Wiring.h"

// More than an optimised kernel's frames take; a test holds them to it.
enum { STACK_BYTES = 4096 };

int bitsliced_des_highest_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return BITSLICED_DES_AVX512;
    if (__builtin_cpu_supports("avx2")) return BITSLICED_DES_AVX2;
#endif
    return BITSLICED_DES_PLAIN;
}

static const Kernel *kernel(int level) {
#if defined(__x86_64__)
    if (level == BITSLICED_DES_AVX512) return &bitsliced_des_avx512;
    if (level == BITSLICED_DES_AVX2) return &bitsliced_des_avx2;
#endif
    (void)level;
    return &bitsliced_des_plain;
}

// Registers that did not suffice were kept in a kernel's frame, which lay where this one lies.
static __attribute__((noinline)) void clear_stack(void) {
    uint8_t frame[STACK_BYTES];
    memset(frame, 0, sizeof frame);
    __asm__ volatile("" ::"r"(frame) : "memory");
}

void bitsliced_des_make_schedule(const uint8_t *key, uint64_t *schedule) {
    for (int round = 0; round < 16; round++) {
        for (int bit = 0; bit < 48; bit++) {
            const int row = key_rows[round][bit];
            schedule[48 * round + bit] = 0 - (uint64_t)(key[row >> 3] >> (row & 7) & 1);
        }
    }
}

void bitsliced_des_encrypt(
    int level, const uint64_t *first, const uint64_t *second, const uint64_t *third, uint8_t *blocks, size_t count,
    void *workspace) {
    const Passes passes = {{first, second, third}, {0, 1, 0}};
    kernel(level)->one_key(&passes, blocks, count, workspace);
    clear_stack();
}

void bitsliced_des_decrypt(
    int level, const uint64_t *first, const uint64_t *second, const uint64_t *third, uint8_t *blocks, size_t count,
    void *workspace) {
    const Passes passes = {{third, second, first}, {1, 0, 1}};
    kernel(level)->one_key(&passes, blocks, count, workspace);
    clear_stack();
}

void bitsliced_des_encrypt_each(
    int level, const uint8_t *keys, size_t stride, int parts, uint8_t *blocks, size_t count, void *workspace) {
    kernel(level)->each_key(keys, stride, parts, blocks, count, workspace);
    clear_stack();
}
