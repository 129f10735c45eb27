"""What the benchmark programs share: the command, a site with the sample keys, manifests, and a process's own figures."""

import os
import pathlib
import random
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("IPEK_BINARY", ROOT / ".build" / "ipek")).resolve()
SAMPLES = ROOT / "samples"
PASSPHRASE = ["--passphrase-file", SAMPLES / "TEST-passphrase", "--quiet"]
KEYS = {"bdk-tdes": "tdes-2key", "kbpk-tdes": "tdes-2key", "bdk-aes": "aes-128", "kbpk-aes": "aes-256"}
FAMILIES = ("tdes", "aes")


class Measured(NamedTuple):
    """Of one process, as the kernel counts it."""

    seconds: float
    processor: float
    memory: int


def log(text):
    print(text, file=sys.stderr, flush=True)


def measured(*command, environment=None, expected=0):
    start = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != expected:
        sys.exit(f"{' '.join(map(str, command))}: status {os.waitstatus_to_exitcode(status)}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def scratch():
    """On the disk that the checkout is on, not in a memory file system."""
    folder = ROOT / ".build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_site(site, token=None, environment=None):
    """A site with the sample keys: in the keyring, or in the token that a URI means."""
    options = ["--site", site, *PASSPHRASE]
    measured(BINARY, "init", *options, "--scrypt-log-n", 12)
    for name, algorithm in KEYS.items():
        files = sorted(SAMPLES.glob(f"TEST-{name}.component*"))
        parts = [argument for file in files for argument in ("--component-file", file)]
        place = ["--to-token", token.replace("?", f";object=run-{name}?")] if token else []
        measured(
            BINARY, "key", "import", name, "--usage", name.split("-")[0], "--algorithm", algorithm,
            "--components", len(files), *parts, *place, *options, environment=environment,
        )  # fmt: skip


def fresh_site(site):
    """The options for a copy of the site, which has issued nothing; the copy before it is removed."""
    copy = site.with_name(site.name + "-of-round")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(site, copy, copy_function=shutil.copy2)
    copy.chmod(0o700)
    return ["--site", copy, *PASSPHRASE]


def write_manifest(path, family, rows, shuffled=False):
    """Consecutive KSNs from the published test key set on, in order or shuffled; a million TDES devices run through two
    key sets."""
    first, step, digits = (0xFFFF987654 << 40, 1 << 21, 20) if family == "tdes" else (0x12345678 << 64, 1 << 32, 24)
    numbers = range(rows)
    if shuffled:
        numbers = random.Random(rows).sample(numbers, rows)
    with open(path, "w", encoding="ascii", buffering=1 << 20) as file:
        file.write("device_id,ksn,model\n")
        for start in range(0, rows, 10_000):
            part = numbers[start : start + 10_000]
            file.write("".join(f"T{n:09},{first + n * step:0{digits}X},Portable-520\n" for n in part))


def provision(site, output, family, manifest, jobs, layout="csv", environment=None):
    """A run on a site that has issued nothing; what an earlier one wrote is removed."""
    shutil.rmtree(output, ignore_errors=True)
    return measured(
        BINARY, "provision", manifest, "--bdk", f"bdk-{family}", "--kbpk", f"kbpk-{family}", "--output", output,
        "--layout", layout, "--jobs", jobs, *fresh_site(site), environment=environment,
    )  # fmt: skip
