/// TDES on many blocks at once, one bit of all of them in each register (bitslicing).
///
/// No branch and no address depends on a key or a block. Secret intermediate values are kept in the workspace that the
/// caller gives, and wiped there, in the vector registers and below the stack pointer before a function returns.
#ifndef IPEK_CBITSLICEDDES_H
#define IPEK_CBITSLICEDDES_H

#include <stddef.h>
#include <stdint.h>

/// What the kernels are compiled for; each level can do what the lower ones can.
enum {
    /// 64 blocks at once in ordinary registers: every processor.
    BITSLICED_DES_PLAIN = 0,
    /// 256 blocks at once.
    BITSLICED_DES_AVX2 = 1,
    /// 512 blocks at once.
    BITSLICED_DES_AVX512 = 2
};

enum {
    /// Words in the schedule of one DES key: 48 for each of 16 rounds.
    BITSLICED_DES_SCHEDULE_WORDS = 16 * 48,
    /// Bytes of a workspace, which begins at a multiple of 64.
    BITSLICED_DES_WORKSPACE_BYTES = (64 + 3 * 64) * 64
};

/// The highest level that this processor has.
int bitsliced_des_highest_level(void);

/// Spreads a key of 8 bytes, parity bits not looked at, into BITSLICED_DES_SCHEDULE_WORDS words.
void bitsliced_des_make_schedule(const uint8_t *key, uint64_t *schedule);

/// Encrypts each block (of 8 bytes) in place under one key of three parts, whose schedules may be the same memory.
void bitsliced_des_encrypt(
    int level, const uint64_t *first, const uint64_t *second, const uint64_t *third, uint8_t *blocks, size_t count,
    void *workspace);

/// Undoes `bitsliced_des_encrypt`.
void bitsliced_des_decrypt(
    int level, const uint64_t *first, const uint64_t *second, const uint64_t *third, uint8_t *blocks, size_t count,
    void *workspace);

/// Encrypts each block in place under a key of its own, of `parts` (2 or 3) times 8 bytes.
///
/// Key n begins at byte n x `stride` of `keys`, which the blocks do not overlap.
void bitsliced_des_encrypt_each(
    int level, const uint8_t *keys, size_t stride, int parts, uint8_t *blocks, size_t count, void *workspace);

#endif
