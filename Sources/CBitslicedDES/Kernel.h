// The interface of one level to Dispatch.c.
#ifndef IPEK_CBITSLICEDDES_KERNEL_H
#define IPEK_CBITSLICEDDES_KERNEL_H

#include <stddef.h>
#include <stdint.h>

// A column of blocks under one key: passes 0 to 2, each with its schedule, and whether it runs the rounds backwards.
typedef struct {
    const uint64_t *schedules[3];
    int is_backward[3];
} Passes;

typedef struct {
    void (*one_key)(const Passes *passes, uint8_t *blocks, size_t count, void *workspace);
    void (*each_key)(
        const uint8_t *keys, size_t stride, int parts, uint8_t *blocks, size_t count, void *workspace);
} Kernel;

extern const Kernel bitsliced_des_plain;
#if defined(__x86_64__)
extern const Kernel bitsliced_des_avx2;
extern const Kernel bitsliced_des_avx512;
#endif

#endif
