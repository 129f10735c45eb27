// Made by Scripts/make-circuits: change the program in Generators, not this file.
// The boxes of DES from gates of three inputs.

static inline __attribute__((always_inline)) void NAME(sbox1)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x1, x0, x2, 0x1e);
    const V x7 = CHOOSE(x6, x5, x3, 0x28);
    const V x8 = CHOOSE(x5, x2, x0, 0x65);
    const V x9 = CHOOSE(x8, x6, x1, 0xda);
    const V x10 = CHOOSE(x3, x7, x9, 0xc2);
    const V x11 = CHOOSE(x8, x2, x3, 0x69);
    const V x12 = CHOOSE(x11, x10, x5, 0xe1);
    const V x13 = CHOOSE(x2, x11, x5, 0x1b);
    const V x14 = CHOOSE(x1, x12, x13, 0xac);
    const V x15 = CHOOSE(x4, x10, x14, 0xac);
    const V x16 = CHOOSE(x3, x5, x4, 0x86);
    const V x17 = CHOOSE(x16, x8, x4, 0xb9);
    const V x18 = CHOOSE(x2, x16, x17, 0xca);
    const V x19 = CHOOSE(x18, x3, x13, 0x1e);
    const V x20 = CHOOSE(x16, x17, x11, 0x17);
    const V x21 = CHOOSE(x0, x19, x20, 0xac);
    const V x22 = CHOOSE(x1, x18, x21, 0xca);
    const V x23 = CHOOSE(x14, x0, x3, 0x6f);
    const V x24 = CHOOSE(x1, x11, x18, 0xd6);
    const V x25 = CHOOSE(x4, x23, x24, 0xac);
    const V x26 = CHOOSE(x4, x10, x23, 0x47);
    const V x27 = CHOOSE(x26, x12, x24, 0x7c);
    const V x28 = CHOOSE(x2, x25, x27, 0xac);
    const V x29 = CHOOSE(x22, x13, x21, 0x29);
    const V x30 = CHOOSE(x1, x15, x28, 0x69);
    const V x31 = CHOOSE(x5, x29, x30, 0xac);
    const V x32 = CHOOSE(x6, x18, x25, 0x24);
    const V x33 = CHOOSE(x32, x22, x30, 0xc6);
    const V x34 = CHOOSE(x4, x31, x33, 0xca);
    *y0 ^= x22;
    *y1 ^= x28;
    *y2 ^= x15;
    *y3 ^= x34;
}

static inline __attribute__((always_inline)) void NAME(sbox2)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x5, x4, x3, 0x1c);
    const V x7 = CHOOSE(x4, x3, x5, 0x87);
    const V x8 = CHOOSE(x2, x6, x7, 0xac);
    const V x9 = CHOOSE(x6, x8, x3, 0xa3);
    const V x10 = CHOOSE(x0, x8, x9, 0xac);
    const V x11 = CHOOSE(x0, x2, x8, 0x69);
    const V x12 = CHOOSE(x11, x3, x5, 0xb4);
    const V x13 = CHOOSE(x1, x10, x12, 0xca);
    const V x14 = CHOOSE(x2, x11, x4, 0x79);
    const V x15 = CHOOSE(x14, x6, x12, 0x1e);
    const V x16 = CHOOSE(x5, x14, x3, 0x59);
    const V x17 = CHOOSE(x11, x7, x9, 0xa9);
    const V x18 = CHOOSE(x4, x16, x17, 0xac);
    const V x19 = CHOOSE(x1, x15, x18, 0xca);
    const V x20 = CHOOSE(x1, x11, x17, 0x3d);
    const V x21 = CHOOSE(x20, x18, x13, 0x96);
    const V x22 = CHOOSE(x16, x0, x2, 0x2d);
    const V x23 = CHOOSE(x21, x22, x8, 0x1a);
    const V x24 = CHOOSE(x1, x22, x23, 0xca);
    const V x25 = CHOOSE(x4, x21, x24, 0xac);
    const V x26 = CHOOSE(x9, x22, x24, 0xbe);
    const V x27 = CHOOSE(x25, x10, x15, 0x78);
    const V x28 = CHOOSE(x27, x6, x20, 0x87);
    const V x29 = CHOOSE(x1, x26, x28, 0xac);
    const V x30 = CHOOSE(x19, x14, x13, 0x5c);
    const V x31 = CHOOSE(x30, x24, x15, 0x69);
    const V x32 = CHOOSE(x5, x29, x31, 0xac);
    *y0 ^= x25;
    *y1 ^= x13;
    *y2 ^= x32;
    *y3 ^= x19;
}

static inline __attribute__((always_inline)) void NAME(sbox3)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x3, x2, x4, 0x27);
    const V x7 = CHOOSE(x6, x1, x5, 0x69);
    const V x8 = CHOOSE(x2, x1, x7, 0xcb);
    const V x9 = CHOOSE(x5, x8, x1, 0x41);
    const V x10 = CHOOSE(x3, x8, x9, 0xac);
    const V x11 = CHOOSE(x9, x10, x7, 0x29);
    const V x12 = CHOOSE(x4, x10, x11, 0xac);
    const V x13 = CHOOSE(x0, x7, x12, 0xac);
    const V x14 = CHOOSE(x9, x5, x4, 0x46);
    const V x15 = CHOOSE(x14, x1, x2, 0x87);
    const V x16 = CHOOSE(x3, x15, x15, 0x18);
    const V x17 = CHOOSE(x13, x6, x10, 0x6c);
    const V x18 = CHOOSE(x17, x12, x16, 0xc5);
    const V x19 = CHOOSE(x0, x16, x18, 0xca);
    const V x20 = CHOOSE(x16, x18, x2, 0x6b);
    const V x21 = CHOOSE(x3, x5, x1, 0x2d);
    const V x22 = CHOOSE(x21, x13, x19, 0xc2);
    const V x23 = CHOOSE(x4, x20, x22, 0xac);
    const V x24 = CHOOSE(x23, x19, x7, 0xa9);
    const V x25 = CHOOSE(x15, x4, x19, 0xf2);
    const V x26 = CHOOSE(x1, x24, x25, 0xac);
    const V x27 = CHOOSE(x0, x23, x26, 0xac);
    const V x28 = CHOOSE(x24, x1, x6, 0x7b);
    const V x29 = CHOOSE(x28, x2, x22, 0x63);
    const V x30 = CHOOSE(x3, x5, x27, 0x4f);
    const V x31 = CHOOSE(x30, x2, x7, 0x96);
    const V x32 = CHOOSE(x0, x29, x31, 0xac);
    *y0 ^= x19;
    *y1 ^= x32;
    *y2 ^= x27;
    *y3 ^= x13;
}

static inline __attribute__((always_inline)) void NAME(sbox4)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x4, x2, x3, 0x9a);
    const V x7 = CHOOSE(x4, x6, x2, 0xa6);
    const V x8 = CHOOSE(x1, x6, x7, 0xac);
    const V x9 = CHOOSE(x7, x1, x3, 0x38);
    const V x10 = CHOOSE(x9, x8, x4, 0xf1);
    const V x11 = CHOOSE(x0, x8, x10, 0xac);
    const V x12 = CHOOSE(x1, x7, x6, 0x56);
    const V x13 = CHOOSE(x12, x0, x10, 0xc2);
    const V x14 = CHOOSE(x12, x13, x7, 0x72);
    const V x15 = CHOOSE(x4, x13, x14, 0xac);
    const V x16 = CHOOSE(x5, x11, x15, 0xac);
    const V x17 = CHOOSE(x4, x2, x0, 0x69);
    const V x18 = CHOOSE(x17, x15, x3, 0x87);
    const V x19 = CHOOSE(x17, x0, x14, 0xb5);
    const V x20 = CHOOSE(x1, x18, x19, 0xca);
    const V x21 = CHOOSE(x9, x19, x14, 0x2c);
    const V x22 = CHOOSE(x21, x10, x17, 0x78);
    const V x23 = CHOOSE(x17, x21, x16, 0x72);
    const V x24 = CHOOSE(x3, x22, x23, 0xac);
    const V x25 = CHOOSE(x5, x20, x24, 0xac);
    const V x26 = CHOOSE(x5, x11, x15, 0x3a);
    const V x27 = CHOOSE(x21, x18, x17, 0x2b);
    const V x28 = CHOOSE(x27, x24, x23, 0x2b);
    const V x29 = CHOOSE(x5, x28, x20, 0xac);
    *y0 ^= x16;
    *y1 ^= x26;
    *y2 ^= x25;
    *y3 ^= x29;
}

static inline __attribute__((always_inline)) void NAME(sbox5)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x0, x5, x2, 0x4);
    const V x7 = CHOOSE(x6, x3, x1, 0x1e);
    const V x8 = CHOOSE(x3, x1, x0, 0x49);
    const V x9 = CHOOSE(x8, x5, x7, 0x69);
    const V x10 = CHOOSE(x2, x7, x9, 0xac);
    const V x11 = CHOOSE(x1, x2, x9, 0x3e);
    const V x12 = CHOOSE(x11, x0, x10, 0x78);
    const V x13 = CHOOSE(x8, x5, x11, 0x2d);
    const V x14 = CHOOSE(x3, x12, x13, 0xca);
    const V x15 = CHOOSE(x4, x10, x14, 0xca);
    const V x16 = CHOOSE(x1, x14, x0, 0x4a);
    const V x17 = CHOOSE(x16, x5, x3, 0xb4);
    const V x18 = CHOOSE(x17, x0, x15, 0x2d);
    const V x19 = CHOOSE(x2, x17, x18, 0xac);
    const V x20 = CHOOSE(x3, x19, x1, 0x1b);
    const V x21 = CHOOSE(x16, x10, x20, 0xd6);
    const V x22 = CHOOSE(x0, x20, x21, 0xca);
    const V x23 = CHOOSE(x4, x19, x22, 0xca);
    const V x24 = CHOOSE(x2, x0, x4, 0x61);
    const V x25 = CHOOSE(x24, x5, x1, 0x96);
    const V x26 = CHOOSE(x19, x13, x4, 0x56);
    const V x27 = CHOOSE(x25, x11, x8, 0xca);
    const V x28 = CHOOSE(x5, x26, x27, 0xac);
    const V x29 = CHOOSE(x3, x25, x28, 0xca);
    const V x30 = CHOOSE(x10, x25, x11, 0x7b);
    const V x31 = CHOOSE(x30, x13, x0, 0x1e);
    const V x32 = CHOOSE(x1, x0, x15, 0x1b);
    const V x33 = CHOOSE(x32, x29, x19, 0x69);
    const V x34 = CHOOSE(x4, x31, x33, 0xac);
    *y0 ^= x34;
    *y1 ^= x29;
    *y2 ^= x23;
    *y3 ^= x15;
}

static inline __attribute__((always_inline)) void NAME(sbox6)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x3, x0, x4, 0x69);
    const V x7 = CHOOSE(x1, x6, x0, 0x8b);
    const V x8 = CHOOSE(x0, x3, x1, 0xcb);
    const V x9 = CHOOSE(x4, x7, x8, 0xac);
    const V x10 = CHOOSE(x5, x6, x9, 0xac);
    const V x11 = CHOOSE(x1, x5, x6, 0x96);
    const V x12 = CHOOSE(x5, x11, x10, 0x19);
    const V x13 = CHOOSE(x4, x11, x12, 0xca);
    const V x14 = CHOOSE(x2, x10, x13, 0xca);
    const V x15 = CHOOSE(x5, x4, x3, 0x25);
    const V x16 = CHOOSE(x15, x12, x11, 0xe);
    const V x17 = CHOOSE(x1, x6, x13, 0xbc);
    const V x18 = CHOOSE(x0, x16, x17, 0xac);
    const V x19 = CHOOSE(x0, x6, x16, 0x25);
    const V x20 = CHOOSE(x19, x4, x11, 0xd1);
    const V x21 = CHOOSE(x2, x18, x20, 0xac);
    const V x22 = CHOOSE(x8, x3, x15, 0x4f);
    const V x23 = CHOOSE(x22, x17, x13, 0x5c);
    const V x24 = CHOOSE(x8, x6, x23, 0x34);
    const V x25 = CHOOSE(x24, x23, x10, 0xc7);
    const V x26 = CHOOSE(x0, x24, x25, 0xac);
    const V x27 = CHOOSE(x2, x23, x26, 0xca);
    const V x28 = CHOOSE(x2, x26, x9, 0x70);
    const V x29 = CHOOSE(x28, x11, x15, 0x3c);
    const V x30 = CHOOSE(x29, x6, x12, 0x1e);
    const V x31 = CHOOSE(x30, x2, x18, 0x1a);
    const V x32 = CHOOSE(x3, x29, x31, 0xac);
    *y0 ^= x14;
    *y1 ^= x32;
    *y2 ^= x21;
    *y3 ^= x27;
}

static inline __attribute__((always_inline)) void NAME(sbox7)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x4, x0, x2, 0x2d);
    const V x7 = CHOOSE(x6, x1, x3, 0x48);
    const V x8 = CHOOSE(x3, x4, x0, 0x52);
    const V x9 = CHOOSE(x8, x6, x2, 0x49);
    const V x10 = CHOOSE(x5, x7, x9, 0xca);
    const V x11 = CHOOSE(x0, x5, x6, 0x69);
    const V x12 = CHOOSE(x11, x9, x4, 0x90);
    const V x13 = CHOOSE(x6, x9, x5, 0xbd);
    const V x14 = CHOOSE(x3, x12, x13, 0xa8);
    const V x15 = CHOOSE(x1, x10, x14, 0xca);
    const V x16 = CHOOSE(x3, x4, x0, 0x7e);
    const V x17 = CHOOSE(x16, x9, x11, 0x92);
    const V x18 = CHOOSE(x1, x17, x9, 0xac);
    const V x19 = CHOOSE(x1, x3, x8, 0x4b);
    const V x20 = CHOOSE(x19, x2, x17, 0xa9);
    const V x21 = CHOOSE(x5, x18, x20, 0xca);
    const V x22 = CHOOSE(x0, x4, x17, 0x53);
    const V x23 = CHOOSE(x5, x17, x7, 0xc5);
    const V x24 = CHOOSE(x1, x22, x23, 0xac);
    const V x25 = CHOOSE(x23, x4, x24, 0xd0);
    const V x26 = CHOOSE(x4, x13, x11, 0xb8);
    const V x27 = CHOOSE(x1, x25, x26, 0xac);
    const V x28 = CHOOSE(x3, x24, x27, 0xac);
    const V x29 = CHOOSE(x28, x10, x25, 0x3a);
    const V x30 = CHOOSE(x29, x23, x6, 0x6a);
    const V x31 = CHOOSE(x6, x12, x10, 0x1d);
    const V x32 = CHOOSE(x31, x24, x13, 0x39);
    const V x33 = CHOOSE(x1, x30, x32, 0xac);
    *y0 ^= x15;
    *y1 ^= x28;
    *y2 ^= x33;
    *y3 ^= x21;
}

static inline __attribute__((always_inline)) void NAME(sbox8)(
    V x0, V x1, V x2, V x3, V x4, V x5, V *y0, V *y1, V *y2, V *y3) {
    const V x6 = CHOOSE(x3, x4, x2, 0x4b);
    const V x7 = CHOOSE(x4, x2, x3, 0xac);
    const V x8 = CHOOSE(x1, x6, x7, 0xac);
    const V x9 = CHOOSE(x5, x8, x8, 0x18);
    const V x10 = CHOOSE(x2, x4, x1, 0x69);
    const V x11 = CHOOSE(x10, x9, x6, 0x5a);
    const V x12 = CHOOSE(x7, x8, x10, 0x9a);
    const V x13 = CHOOSE(x5, x11, x12, 0xca);
    const V x14 = CHOOSE(x0, x9, x13, 0xac);
    const V x15 = CHOOSE(x13, x7, x10, 0x76);
    const V x16 = CHOOSE(x15, x9, x2, 0xa5);
    const V x17 = CHOOSE(x5, x3, x16, 0x59);
    const V x18 = CHOOSE(x8, x5, x15, 0x83);
    const V x19 = CHOOSE(x4, x17, x18, 0xac);
    const V x20 = CHOOSE(x0, x16, x19, 0xac);
    const V x21 = CHOOSE(x6, x0, x1, 0x6c);
    const V x22 = CHOOSE(x21, x16, x12, 0xca);
    const V x23 = CHOOSE(x14, x21, x4, 0x27);
    const V x24 = CHOOSE(x23, x9, x13, 0x69);
    const V x25 = CHOOSE(x5, x22, x24, 0xac);
    const V x26 = CHOOSE(x16, x21, x4, 0x6c);
    const V x27 = CHOOSE(x26, x19, x8, 0xac);
    const V x28 = CHOOSE(x14, x3, x1, 0x12);
    const V x29 = CHOOSE(x28, x12, x0, 0x96);
    const V x30 = CHOOSE(x5, x27, x29, 0xac);
    *y0 ^= x25;
    *y1 ^= x14;
    *y2 ^= x20;
    *y3 ^= x30;
}
