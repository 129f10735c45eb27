"""How long a finished run takes to be looked at again, in turns with the run itself; prints a Markdown table.

    python3 Benchmarks/verification.py [--rows N] [--rounds N] [--layout csv|jsonl|files]

IPEK_BINARY names the command, else it is the one that `make release` leaves. Progress goes to stderr. Every figure is a
median; processor time says more than the clock on a machine that does other things.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("IPEK_BINARY", ROOT / ".build" / "ipek")).resolve()
SAMPLES = ROOT / "samples"
PASSPHRASE = ["--passphrase-file", SAMPLES / "TEST-passphrase", "--quiet"]
KEYS = {"bdk-tdes": "tdes-2key", "kbpk-tdes": "tdes-2key", "bdk-aes": "aes-128", "kbpk-aes": "aes-256"}
FAMILIES = ("tdes", "aes")


def measured(*command):
    """Seconds by the clock, seconds of the processors, and peak resident bytes of one process."""
    start = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def make_site(folder):
    measured(BINARY, "init", "--site", folder, "--scrypt-log-n", 12, *PASSPHRASE)
    for name, algorithm in KEYS.items():
        files = sorted(SAMPLES.glob(f"TEST-{name}.component*"))
        parts = [argument for file in files for argument in ("--component-file", file)]
        measured(
            BINARY, "key", "import", name, "--usage", name.split("-")[0], "--algorithm", algorithm,
            "--components", len(files), *parts, "--site", folder, *PASSPHRASE,
        )  # fmt: skip


def write_manifest(path, family, rows):
    first, step, digits = (0xFFFF987600 << 40, 1 << 21, 20) if family == "tdes" else (0x12345678 << 64, 1 << 32, 24)
    with open(path, "w", encoding="ascii", buffering=1 << 20) as file:
        file.write("device_id,ksn,model\n")
        for number in range(rows):
            file.write(f"T{number:09},{first + number * step:0{digits}X},Portable-520\n")


def round_of(folder, family, jobs, layout):
    """A run on a site that has issued nothing yet, and a look at it."""
    site, output = folder / "site-of-round", folder / "run"
    for path in (site, output):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(folder / "site", site, copy_function=shutil.copy2)
    site.chmod(0o700)
    options = ["--jobs", jobs, "--site", site, *PASSPHRASE]
    run = measured(
        BINARY, "provision", folder / f"{family}.csv", "--bdk", f"bdk-{family}", "--kbpk", f"kbpk-{family}",
        "--output", output, "--layout", layout, *options,
    )  # fmt: skip
    return run, measured(BINARY, "verify", output, *options)


def main():
    parser = argparse.ArgumentParser(description="Measures ipek verify beside ipek provision.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--layout", choices=("csv", "jsonl", "files"), default="csv")
    arguments = parser.parse_args()
    scratch = ROOT / ".build" / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        make_site(folder / "site")
        figures = {(family, jobs): [] for family in FAMILIES for jobs in (1, 2)}
        for family in FAMILIES:
            write_manifest(folder / f"{family}.csv", family, arguments.rows)
            round_of(folder, family, 2, arguments.layout)
        for number in range(arguments.rounds):
            for family, jobs in figures:
                print(f"round {number + 1} of {arguments.rounds}: {family}, {jobs} jobs", file=sys.stderr, flush=True)
                figures[family, jobs].append(round_of(folder, family, jobs, arguments.layout))
    print(f"{arguments.rows:,} devices, layout {arguments.layout}, {arguments.rounds} rounds.\n")
    print("| | run, s | verify, s | verify/run | run, CPU s | verify, CPU s | verify/run | verify, peak MiB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for (family, jobs), rounds in figures.items():
        cells = []
        for part in (0, 1):
            run, verify = (statistics.median(r[side][part] for r in rounds) for side in (0, 1))
            cells += [f"{run:.2f}", f"{verify:.2f}", f"{verify / run:.2f}"]
        memory = statistics.median(r[1][2] for r in rounds) / 2**20
        print(f"| {family.upper()}, {jobs} worker{'s' if jobs > 1 else ''} | {' | '.join(cells)} | {memory:.0f} |")


main()
