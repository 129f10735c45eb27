"""What the benchmark programs measure against: OpenSSL's own speed, and a loop in Python with psec."""

import os
import platform
import subprocess
import sys
import time

from measuring import ROOT, SAMPLES

sys.path.insert(0, str(ROOT / "Tests" / "Interop"))
import reference  # noqa: E402
import runs  # noqa: E402
from psec import tr31  # noqa: E402

KEYS = runs.read_keys(SAMPLES)


def block_rate():
    """B: TDES blocks a second on one core, by openssl speed."""
    result = subprocess.run(
        ["openssl", "speed", "-mr", "-seconds", "2", "-bytes", "8192", "-evp", "des-ede"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    # Machine-readable: +F:22:des-ede:BYTES_PER_SECOND
    line = next(line for line in result.stdout.splitlines() if line.startswith("+F:"))
    return float(line.split(":")[3]) / 8


def signature_rate(size):
    """RSA signatures a second on one core, by openssl speed."""
    name = size.replace("-", "")
    result = subprocess.run(
        ["openssl", "speed", "-mr", "-seconds", "2", name], capture_output=True, text=True, check=True
    )
    # Machine-readable: +F2:2:BITS:SIGNATURES_PER_SECOND:VERIFICATIONS_PER_SECOND; older ones give seconds for each.
    line = next(line for line in result.stdout.splitlines() if line.startswith("+F2:"))
    figure = float(line.split(":")[3])
    return figure if figure > 1 else 1 / figure


def psec_rate(family, rows=3_000):
    """Rows per second of a Python loop: derive, wrap with psec, check value."""
    bdk, kbpk, is_tdes = KEYS[f"bdk-{family}"], KEYS[f"kbpk-{family}"], family == "tdes"
    start = time.process_time()
    for number in range(rows):
        if is_tdes:
            ksn = f"{(0xFFFF987654 << 40) + (number << 21):020X}"
            key = reference.tdes_initial_key(bdk, ksn)
            header = tr31.Header("B", "B1", "T", "X", "00", "N")
            header.blocks["KS"] = ksn
            reference.check_value(key, True, "ANSI_X9_24", 3)
        else:
            ksn = f"{(0x12345678 << 32) + number:016X}"
            key = reference.aes_initial_key(bdk, ksn)
            header = tr31.Header("D", "B1", "A", "X", "00", "N")
            header.blocks["IK"] = ksn
            reference.check_value(key, False, "CMAC", 5)
        tr31.wrap(kbpk, header, key)
    return rows / (time.process_time() - start)


def check_sample(family, sample):
    """The per-row loop's key block opens and holds the right key: it did the whole work."""
    number = sample["serial_number"].rjust(16, "0")
    _, key = tr31.unwrap(KEYS[f"kbpk-{family}"], sample["key_block"])
    expected = (
        reference.tdes_initial_key(KEYS["bdk-tdes"], number + "0000")
        if family == "tdes"
        else reference.aes_initial_key(KEYS["bdk-aes"], number)
    )
    algorithm = "ANSI_X9_24" if family == "tdes" else "CMAC"
    assert key == expected
    assert reference.check_value(key, family == "tdes", algorithm, 3) == sample["kcv"].rjust(6, "0")


def machine():
    model = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")),
        platform.machine(),
    )
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return f"{os.cpu_count()} cores of {model}, OpenSSL {openssl}"
