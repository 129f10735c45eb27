// Runs the kernels of one level with every secret marked as undefined for valgrind's memcheck, which then reports each
// branch and each address that depends on one (as ctgrind does).
//
//     secrecy plain|avx2           says nothing where there is nothing to report
//     secrecy branch|load          depends on a secret on purpose, for the test of the test

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "CBitslicedDES.h"

// More than two chunks of the AVX2 level, and a part of one.
enum { COUNT = 530 };

static uint8_t keys[COUNT * 24];
static uint8_t blocks[COUNT * 8];
static uint64_t schedules[3][BITSLICED_DES_SCHEDULE_WORDS];
static _Alignas(64) uint8_t workspace[BITSLICED_DES_WORKSPACE_BYTES];

static void fill(void) {
    for (size_t byte = 0; byte < sizeof keys; byte++) keys[byte] = (uint8_t)(byte * 37 + 11);
    for (size_t byte = 0; byte < sizeof blocks; byte++) blocks[byte] = (uint8_t)(byte * 73 + 5);
    VALGRIND_MAKE_MEM_UNDEFINED(keys, sizeof keys);
    VALGRIND_MAKE_MEM_UNDEFINED(blocks, sizeof blocks);
}

static void run(int level) {
    for (int part = 0; part < 3; part++) bitsliced_des_make_schedule(keys + 8 * part, schedules[part]);
    bitsliced_des_encrypt(level, schedules[0], schedules[1], schedules[2], blocks, COUNT, workspace);
    bitsliced_des_decrypt(level, schedules[0], schedules[1], schedules[2], blocks, COUNT - 1, workspace);
    bitsliced_des_encrypt_each(level, keys, 16, 2, blocks, COUNT, workspace);
    bitsliced_des_encrypt_each(level, keys, 24, 3, blocks, COUNT, workspace);
}

// What a caller does with the result: it is no secret any more.
static int finish(void) {
    // The marks have come through to the last block, else nothing was looked at.
    uint64_t marks = 0;
    if (VALGRIND_GET_VBITS(blocks + sizeof blocks - 8, &marks, 8) != 1 || marks != UINT64_MAX) return 3;
    VALGRIND_MAKE_MEM_DEFINED(blocks, sizeof blocks);
    uint8_t sum = 0;
    for (size_t byte = 0; byte < sizeof blocks; byte++) sum ^= blocks[byte];
    printf("%02x\n", sum);
    return 0;
}

int main(int count, char **arguments) {
    const char *what = count == 2 ? arguments[1] : "";
    static const uint8_t table[256] = {1};
    fill();
    if (strcmp(what, "plain") == 0) run(BITSLICED_DES_PLAIN);
    else if (strcmp(what, "avx2") == 0) run(BITSLICED_DES_AVX2);
    else if (strcmp(what, "branch") == 0) puts(keys[3] & 1 ? "odd" : "even");
    else if (strcmp(what, "load") == 0) blocks[0] = ((volatile const uint8_t *)table)[keys[3]];
    else return 2;
    return strcmp(what, "branch") == 0 || strcmp(what, "load") == 0 ? 0 : finish();
}
