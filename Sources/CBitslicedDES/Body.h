// The kernels, for one level: the including file defines
//
//     V          a vector of 64-bit words
//     NAME(x)    x with the level's ending
//     CHOOSE     a gate of three inputs, where the circuits use it
//     clear_registers()
//
// and includes the circuits before this file.
//
// A chunk is as many blocks as V has bits. Row b of a chunk is bit b of every block in it.

#include <string.h>

#include "Kernel.h"

enum { NAME(lanes) = 8 * sizeof(V) };

// What lies in the workspace: L and R in turn at `halves`, or, before and after the rounds, 64 rows.
typedef struct {
    V halves[64];
    V keys[3][64];
} NAME(Workspace);

// Swaps the upper bits of `a` and the lower bits of `b`, in groups of `distance` bits.
#define SWAP(a, b, distance, mask)                              \
    do {                                                        \
        const V difference = (((a) >> (distance)) ^ (b)) & (mask); \
        (b) ^= difference;                                      \
        (a) ^= difference << (distance);                        \
    } while (0)

// Three of the six steps that transpose 64 times 64 bits, on 8 rows that lie `1 << shift` apart.
static inline __attribute__((always_inline)) void NAME(transpose_eight)(
    V *rows, int shift, uint64_t far, uint64_t middle, uint64_t near) {
#pragma clang loop unroll(full)
    for (int row = 0; row < 4; row++) SWAP(rows[row], rows[row + 4], 4 << shift, far);
#pragma clang loop unroll(full)
    for (int row = 0; row < 8; row++) {
        if ((row & 2) == 0) SWAP(rows[row], rows[row + 2], 2 << shift, middle);
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < 8; row += 2) SWAP(rows[row], rows[row + 1], 1 << shift, near);
}

static inline __attribute__((always_inline)) void NAME(transpose_far_eight)(V *eight) {
    NAME(transpose_eight)(eight, 3, 0x00000000FFFFFFFF, 0x0000FFFF0000FFFF, 0x00FF00FF00FF00FF);
}

static inline __attribute__((always_inline)) void NAME(transpose_near_eight)(V *eight) {
    NAME(transpose_eight)(eight, 0, 0x0F0F0F0F0F0F0F0F, 0x3333333333333333, 0x5555555555555555);
}

static inline __attribute__((always_inline)) void NAME(transpose_far)(V *rows) {
    V eight[8];
    for (int row = 0; row < 8; row++) eight[row] = rows[8 * row];
    NAME(transpose_far_eight)(eight);
    for (int row = 0; row < 8; row++) rows[8 * row] = eight[row];
}

static inline __attribute__((always_inline)) void NAME(transpose_near)(V *rows) {
    V eight[8];
    for (int row = 0; row < 8; row++) eight[row] = rows[row];
    NAME(transpose_near_eight)(eight);
    for (int row = 0; row < 8; row++) rows[row] = eight[row];
}

// Turns words of blocks into rows, or back.
static __attribute__((noinline)) void NAME(transpose)(V *rows) {
    for (int row = 0; row < 8; row++) NAME(transpose_far)(rows + row);
    for (int row = 0; row < 64; row += 8) NAME(transpose_near)(rows + row);
}

#define SCHEDULED(bit) schedule[bit]
#define OWN(bit) key[rows[bit]]

// The 16 rounds of DES under one key for all.
//
// The halves are not exchanged: two rounds are one turn. The permutations at the ends are the caller's, and between two
// passes they cancel out.
static void NAME(pass)(V *l, V *r, const uint64_t *schedule, int is_backward) {
    const ptrdiff_t step = is_backward ? -48 : 48;
    if (is_backward) schedule += 15 * 48;
    for (int turn = 0; turn < 8; turn++) {
        ROUND(l, r, SCHEDULED)
        schedule += step;
        ROUND(r, l, SCHEDULED)
        schedule += step;
    }
}

// The same under a key for each lane, given as rows.
static void NAME(pass_each)(V *l, V *r, const V *key, int is_backward) {
    const ptrdiff_t step = is_backward ? -48 : 48;
    const uint8_t *rows = key_rows[is_backward ? 15 : 0];
    for (int turn = 0; turn < 8; turn++) {
        ROUND(l, r, OWN)
        rows += step;
        ROUND(r, l, OWN)
        rows += step;
    }
}

// The initial permutation takes the same bit of each byte in turn, from the last byte to the first. `last` makes the places
// plain distances: the compiler else works them out in a vector register, where only secrets are to be.
// Brings up to a chunk of blocks into halves, through the initial permutation; lanes without a block hold zeros.
static void NAME(load)(V *halves, V *rows, const uint8_t *blocks, size_t bytes) {
    if (bytes < 64 * sizeof(V)) {
        memcpy(rows, blocks, bytes);
        memset((uint8_t *)rows + bytes, 0, 64 * sizeof(V) - bytes);
        blocks = (const uint8_t *)rows;
    }
    V eight[8];
    for (int row = 0; row < 8; row++) {
        for (int step = 0; step < 8; step++) memcpy(&eight[step], blocks + (row + 8 * step) * sizeof(V), sizeof(V));
        NAME(transpose_far_eight)(eight);
        for (int step = 0; step < 8; step++) rows[row + 8 * step] = eight[step];
    }
    for (int byte = 0; byte < 8; byte++) {
        for (int bit = 0; bit < 8; bit++) eight[bit] = rows[8 * byte + bit];
        NAME(transpose_near_eight)(eight);
        V *last = halves + 7 - byte;
#pragma clang loop unroll(full)
        for (int bit = 0; bit < 8; bit++) last[first_byte_places[bit] - 7] = eight[bit];
    }
}

// The way back, through the final permutation, after passes that left L and R exchanged.
static void NAME(store)(V *rows, const V *halves, uint8_t *blocks, size_t bytes) {
    V eight[8];
    for (int byte = 0; byte < 8; byte++) {
        const V *last = halves + 7 - byte;
#pragma clang loop unroll(full)
        for (int bit = 0; bit < 8; bit++) eight[bit] = last[(first_byte_places[bit] ^ 32) - 7];
        NAME(transpose_near_eight)(eight);
        for (int bit = 0; bit < 8; bit++) rows[8 * byte + bit] = eight[bit];
    }
    uint8_t *target = bytes < 64 * sizeof(V) ? (uint8_t *)rows : blocks;
    for (int row = 0; row < 8; row++) {
        for (int step = 0; step < 8; step++) eight[step] = rows[row + 8 * step];
        NAME(transpose_far_eight)(eight);
        for (int step = 0; step < 8; step++) memcpy(target + (row + 8 * step) * sizeof(V), &eight[step], sizeof(V));
    }
    if (target != blocks) memcpy(blocks, rows, bytes);
}

static void NAME(one_key)(const Passes *passes, uint8_t *blocks, size_t count, void *memory) {
    NAME(Workspace) *workspace = memory;
    V *rows = workspace->keys[0];
    V *l = workspace->halves, *r = l + 32;
    while (count > 0) {
        const size_t lanes = count < NAME(lanes) ? count : NAME(lanes);
        NAME(load)(l, rows, blocks, lanes * 8);
        NAME(pass)(l, r, passes->schedules[0], passes->is_backward[0]);
        NAME(pass)(r, l, passes->schedules[1], passes->is_backward[1]);
        NAME(pass)(l, r, passes->schedules[2], passes->is_backward[2]);
        NAME(store)(rows, l, blocks, lanes * 8);
        blocks += lanes * 8;
        count -= lanes;
    }
    memset(workspace->halves, 0, sizeof workspace->halves);
    memset(rows, 0, 64 * sizeof(V));
    clear_registers();
}

// Brings one part of up to a chunk of keys into rows.
static void NAME(load_keys)(V *rows, const uint8_t *keys, size_t stride, size_t lanes) {
    uint8_t *word = (uint8_t *)rows;
    // Else the compiler uses gathers: their addresses would be no secret, but there are to be none at all.
#pragma clang loop vectorize(disable) interleave(disable)
    for (size_t lane = 0; lane < lanes; lane++) memcpy(word + 8 * lane, keys + stride * lane, 8);
    memset(word + 8 * lanes, 0, 64 * sizeof(V) - 8 * lanes);
    NAME(transpose)(rows);
}

static void NAME(each_key)(
    const uint8_t *keys, size_t stride, int parts, uint8_t *blocks, size_t count, void *memory) {
    NAME(Workspace) *workspace = memory;
    V *rows = workspace->keys[0];
    V *l = workspace->halves, *r = l + 32;
    while (count > 0) {
        const size_t lanes = count < NAME(lanes) ? count : NAME(lanes);
        NAME(load)(l, rows, blocks, lanes * 8);
        for (int part = 0; part < parts; part++) {
            NAME(load_keys)(workspace->keys[part], keys + 8 * part, stride, lanes);
        }
        NAME(pass_each)(l, r, workspace->keys[0], 0);
        NAME(pass_each)(r, l, workspace->keys[1], 1);
        NAME(pass_each)(l, r, workspace->keys[parts == 3 ? 2 : 0], 0);
        NAME(store)(rows, l, blocks, lanes * 8);
        keys += lanes * stride;
        blocks += lanes * 8;
        count -= lanes;
    }
    memset(workspace, 0, sizeof *workspace);
    clear_registers();
}

const Kernel NAME(bitsliced_des) = {NAME(one_key), NAME(each_key)};
