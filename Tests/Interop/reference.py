"""The standards in a few lines of Python, on the cipher of the `cryptography` package alone.

Written from the standards' descriptions and not from the Swift sources, so that a common mistake is unlikely.
"""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

VARIANT = bytes.fromhex("C0C0C0C000000000C0C0C0C000000000")
AES_ALGORITHM = {16: 2, 24: 3, 32: 4}
KEY_NAME = {16: "AES-128", 24: "AES-192", 32: "AES-256"}


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def encrypt(cipher, block):
    encryptor = Cipher(cipher, modes.ECB()).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def cmac(cipher, message):
    mac = CMAC(cipher)
    mac.update(message)
    return mac.finalize()


def initial_ksn(ksn, is_tdes):
    """The KSN with its transaction counter cleared: 21 bits for TDES, 32 bits for AES (16 digits have none)."""
    if is_tdes:
        return f"{int(ksn, 16) & ~0x1FFFFF:020X}"
    return ksn[:16].upper() + "00000000"


def tdes_initial_key(bdk, ksn):
    """ANSI X9.24-3:2017, C.7."""
    data = bytes.fromhex(initial_ksn(ksn, True))[:8]
    return encrypt(TripleDES(bdk), data) + encrypt(TripleDES(xor(bdk, VARIANT)), data)


def aes_initial_key(bdk, ksn):
    """ANSI X9.24-3:2017, 6.3.3: the initial key is as long as the base derivation key."""
    blocks = b""
    for counter in range(1, 2 if len(bdk) == 16 else 3):
        data = bytes([1, counter, 0x80, 1, 0, AES_ALGORITHM[len(bdk)]]) + (len(bdk) * 8).to_bytes(2, "big")
        blocks += encrypt(algorithms.AES(bdk), data + bytes.fromhex(ksn[:16]))
    return blocks[: len(bdk)]


def check_value(key, is_tdes, algorithm, count):
    """ANSI X9.24-1:2017, Annex A: from one zero block, encrypted (legacy) or under CMAC."""
    cipher, zeros = (TripleDES(key), bytes(8)) if is_tdes else (algorithms.AES(key), bytes(16))
    value = cmac(cipher, zeros) if algorithm == "CMAC" else encrypt(cipher, zeros)
    return value[:count].hex().upper()


def open_version_e(kbpk, block):
    """Key block version E (AES, CTR), which psec does not know: the key, or None if the MAC is wrong."""
    text_length = 16
    for _ in range(int(block[12:14])):
        text_length += int(block[text_length + 2 : text_length + 4], 16)
    payload, mac = bytes.fromhex(block[text_length:-32]), bytes.fromhex(block[-32:])
    encryption, authentication = (derived(kbpk, usage) for usage in (2, 1))
    clear = Cipher(algorithms.AES(encryption), modes.CTR(mac)).decryptor().update(payload)
    if cmac(algorithms.AES(authentication), block[:text_length].encode() + clear) != mac:
        return None
    return clear[2 : 2 + int.from_bytes(clear[:2], "big") // 8]


def derived(kbpk, usage):
    """ANSI X9.143:2021: the key that a protection key gives for encryption (CTR 2) or authentication (1)."""
    size = len(kbpk)
    tail = b"\0" + AES_ALGORITHM[size].to_bytes(2, "big") + (size * 8).to_bytes(2, "big")
    rounds = range(1, 2 if size == 16 else 3)
    return b"".join(
        cmac(algorithms.AES(kbpk), bytes([counter]) + usage.to_bytes(2, "big") + tail) for counter in rounds
    )[:size]
