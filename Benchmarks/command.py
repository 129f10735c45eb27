"""The whole command against what it is measured by; prints a Markdown table of what is asked for and what is there.

    python3 Benchmarks/command.py [--rows N] [--large N] [--files N] [--rounds N]

Runs are on a file system of memory, but for the rows that say disk. The time of a run is less that of `ipek key list`, which
begins and opens the same site. Runs that are compared with each other are interleaved; every figure is a median.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

from measuring import BINARY, FAMILIES, ROOT, fresh_site, log, make_site, measured, provision, scratch, write_manifest
from yardsticks import block_rate, machine, psec_rate

COLUMNS = ROOT / "Benchmarks" / ".build" / "release" / "ColumnBenchmark"
LEVELS = {"AVX-512": 0.8, "AVX2": 0.5, "plain": 0.2}
ALONE = {"AVX-512": 2.0, "AVX2": 1.2, "plain": 0.35}
AGAINST_LOOP = {"AVX-512": 12, "AVX2": 8, "openssl": 2}


class Table:
    def __init__(self):
        print("\n| what | asked for | measured |\n|---|---:|---:|")

    def row(self, what, asked, found):
        print(f"| {what} | {asked} | {found} |", flush=True)


def level(name):
    """Lowers what the fast engine may use."""
    return os.environ | {"IPEK_TDES_LEVEL": name}


def runs(folder, rows, rounds):
    """Seconds of whole runs by family, level and order, and of `key list` in the same rounds; B."""
    make_site(folder / "site")
    kinds = [("tdes", name, order) for name in LEVELS for order in ("in order", "shuffled")]
    kinds += [("aes", "AVX-512", "in order"), ("aes", "AVX-512", "shuffled")]
    for family in FAMILIES:
        for order in ("in order", "shuffled"):
            write_manifest(folder / f"{family} {order}.csv", family, rows, shuffled=order == "shuffled")
    seconds, start, blocks = {kind: [] for kind in kinds}, [], []
    for number in range(rounds):
        log(f"round {number + 1} of {rounds}, {rows:,} rows")
        blocks.append(block_rate())
        start.append(measured(BINARY, "key", "list", *fresh_site(folder / "site")).seconds)
        for kind in kinds:
            family, name, order = kind
            run = provision(
                folder / "site", folder / "run", family, folder / f"{family} {order}.csv", 2, environment=level(name)
            )
            seconds[kind].append(run.seconds)
    begin = statistics.median(start)
    return {kind: statistics.median(found) - begin for kind, found in seconds.items()}, statistics.median(blocks)


def columns(rows, rounds):
    """Rows a second of the columns with each engine and of the loop of EVP calls, in one process, in turns."""
    found = [json.loads(subprocess.check_output([COLUMNS, "engines", str(rows)])) for _ in range(rounds)]
    loop = json.loads(subprocess.check_output([COLUMNS, str(rows), str(rounds)]))["tdes"]["loop"]
    engines = {name: statistics.median(one[name]["columns"] for one in found) for name in found[0]}
    return engines, statistics.median(loop)


def large(folder, rows, large_rows, rounds):
    """How many times as long ten times the rows take, and the most memory."""
    small_seconds, large_seconds, memory = [], [], 0
    write_manifest(folder / "large.csv", "tdes", large_rows)
    for number in range(rounds):
        log(f"{large_rows:,} rows, round {number + 1} of {rounds}")
        small_seconds.append(provision(folder / "site", folder / "run", "tdes", folder / "tdes in order.csv", 2).seconds)
        run = provision(folder / "site", folder / "run", "tdes", folder / "large.csv", 2)
        large_seconds.append(run.seconds)
        memory = max(memory, run.memory)
    shutil.rmtree(folder / "run")
    return statistics.median(large_seconds) / statistics.median(small_seconds), memory / 2**20


def durable(disk, manifest, rounds):
    """Seconds of a run on disk against `cp -r` of its folder and a sync."""
    make_site(disk / "site")
    run, copy = [], []
    for number in range(rounds + 1):
        log(f"on disk, round {number} of {rounds}")
        os.sync()
        seconds = provision(disk / "site", disk / "run", "tdes", manifest, 2).seconds
        os.sync()
        start = time.monotonic()
        subprocess.run(["cp", "-r", disk / "run", disk / "copy"], check=True)
        subprocess.run(["sync", "-f", disk / "copy"], check=True)
        # The first round meets cold memory.
        if number:
            run.append(seconds)
            copy.append(time.monotonic() - start)
        shutil.rmtree(disk / "copy")
    return statistics.median(run) / statistics.median(copy)


def files(folder, count, rounds):
    """Files a second of a run with a file for each device, and of a bare loop that makes as many as large."""
    write_manifest(folder / "files.csv", "tdes", count)
    ours, bare = [], []
    for number in range(rounds):
        log(f"{count:,} files, round {number + 1} of {rounds}")
        # New folders each time: what was removed just now makes new files slow.
        place = folder / f"files-{number}"
        ours.append(count / provision(folder / "site", place, "tdes", folder / "files.csv", 2, layout="files").seconds)
        loop = folder / f"loop-{number}"
        loop.mkdir()
        bare.append(float(subprocess.check_output([COLUMNS, "files", loop, str(count), "120"])))
    return statistics.median(ours), statistics.median(bare)


def begins(folder, rounds):
    """How many times as long as `openssl version` take `ipek --version`, and 1,000 rows less the passphrase's time."""
    write_manifest(folder / "thousand.csv", "tdes", 1_000)
    openssl, version, run = [], [], []
    for _ in range(rounds):
        openssl.append(measured("openssl", "version").seconds)
        version.append(measured(BINARY, "--version").seconds)
        options = fresh_site(folder / "site")
        shutil.rmtree(folder / "run", ignore_errors=True)
        command = ("provision", folder / "thousand.csv", "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--output", folder / "run")
        run.append(measured(BINARY, *command, "--layout", "csv", *options).seconds)
    openssl, version, run = (statistics.median(found) for found in (openssl, version, run))
    return version / openssl, (run - passphrase_seconds()) / openssl


def passphrase_seconds():
    """scrypt as the site has it, N = 2^12, r = 8, p = 1, by Python's hashlib, which calls OpenSSL's."""
    import hashlib

    found = []
    for _ in range(9):
        start = time.monotonic()
        hashlib.scrypt(b"passphrase", salt=bytes(32), n=1 << 12, r=8, p=1, maxmem=1 << 26, dklen=32)
        found.append(time.monotonic() - start)
    return statistics.median(found)


def main():
    parser = argparse.ArgumentParser(description="Measures the whole command against what is asked of it.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, tempfile.TemporaryDirectory(dir=scratch()) as disk:
        measure(arguments, pathlib.Path(memory), pathlib.Path(disk))


def measure(arguments, memory, disk):
    rows, rounds = arguments.rows, arguments.rounds
    seconds, blocks = runs(memory, rows, rounds)
    print(f"{machine()}; {rounds} rounds; B = {blocks / 1e6:.2f} million TDES blocks/s on one core.")
    table = Table()
    for (family, name, order), found in seconds.items():
        rate = rows / found
        what = f"TDES, version B, {name}" if family == "tdes" else "AES-128 under AES-256, version D"
        asked = LEVELS[name] if family == "tdes" else 0.7
        table.row(f"{what}, {order}", f"{asked} B", f"{rate / blocks:.2f} B ({rate:,.0f} rows/s)")
    engines, loop = columns(min(rows, 200_000), rounds)
    for name, asked in ALONE.items():
        if name in engines:
            table.row(f"TDES columns alone, {name}", f"{asked} B", f"{engines[name] / blocks:.2f} B")
    for name, asked in AGAINST_LOOP.items():
        if name in engines:
            table.row(f"TDES columns, {name}, against EVP calls for each row", f"{asked} times", f"{engines[name] / loop:.1f} times")
    for family in FAMILIES:
        both = 2 * statistics.median(psec_rate(family) for _ in range(rounds))
        rate = rows / seconds[family, "AVX-512", "in order"]
        table.row(f"{family.upper()} against psec in Python on both cores", "200 times", f"{rate / both:.0f} times")
    ratio, peak = large(memory, rows, arguments.large, min(rounds, 3))
    table.row(f"{arguments.large:,} rows against {rows:,}", "9 to 11 times the time", f"{ratio:.1f} times, {peak:.0f} MiB")
    ratio = durable(disk, memory / "tdes in order.csv", rounds)
    table.row("on disk, against `cp -r` and sync", "at most 1.5 times", f"{ratio:.2f} times")
    for name, folder in (("in memory", memory), ("on disk", disk)):
        ours, bare = files(folder, arguments.files, min(rounds, 3))
        table.row(f"a file each, {name}, against a bare loop", "1.2 times", f"{ours / bare:.2f} times ({ours:,.0f} files/s)")
    version, thousand = begins(memory, 4 * rounds)
    table.row("1,000 rows, against `openssl version`", "at most 15 times", f"{thousand:.1f} times")
    table.row("`ipek --version`, against `openssl version`", "at most 4 times", f"{version:.1f} times")


if __name__ == "__main__":
    main()
