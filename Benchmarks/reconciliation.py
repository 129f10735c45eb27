"""How long a return takes to be held against its run.

    Benchmarks/reconciliation.py [--rows N]... [--rounds N]

Prints a Markdown table.
"""

import argparse
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("IPEK_BINARY", ROOT / ".build" / "ipek")).resolve()
SAMPLES = ROOT / "samples"


def run(folder, *command, expected=0):
    """Seconds and peak resident bytes of one process, as the kernel counts them."""
    start = time.monotonic()
    arguments = [str(BINARY), *map(str, command), "--passphrase-file", str(SAMPLES / "TEST-passphrase"), "--quiet"]
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, cwd=folder)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != expected:
        sys.exit(f"{' '.join(arguments)}: status {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss * 1024


def make_run(folder, rows):
    """A site with the sample keys, and a run of so many devices in it."""
    run(folder, "init", "--scrypt-log-n", 12)
    for name, usage in (("bdk-tdes", "bdk"), ("kbpk-tdes", "kbpk")):
        files = sorted(SAMPLES.glob(f"TEST-{name}.component*"))
        parts = [argument for file in files for argument in ("--component-file", file)]
        run(folder, "key", "import", name, "--usage", usage, "--algorithm", "tdes-2key", "--components", len(files), *parts)
    (folder / "fleet.csv").write_text(f"device_id,ksn,model,quantity\n{make_rows(rows)}", encoding="ascii")
    run(
        folder, "provision", "fleet.csv", "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--output", "run", "--layout", "csv"
    )


def make_rows(rows):
    """As many quantity rows as there are key sets to fill."""
    size = 1 << 19
    return "".join(
        f"T{number}-{{n:06}},{0xFFFF987654 + number:010X}0000000000,Portable-520,{min(size, rows - number * size)}\n"
        for number in range(-(-rows // size))
    )


def returns(folder, rounds):
    """Returns of each kind: in the run's order, in none, and with every hundredth device's check value wrong."""
    with open(folder / "run" / "check-values.csv", encoding="ascii") as report:
        next(report)
        rows = [",".join((fields[1], fields[6])) for fields in (line.split(",") for line in report)]
    for number in range(rounds):
        note = f"{number}\n"
        yield "in the run's order", rows, note, 0
        yield "in any order", random.Random(number).sample(rows, len(rows)), note, 0
        wrong = [row[:-6] + "000000" if index % 100 == 0 else row for index, row in enumerate(rows)]
        yield "every hundredth wrong", wrong, note, 1


def measure(rows, rounds):
    # On the disk that the checkout is on, not in a memory file system.
    scratch = ROOT / ".build" / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        make_run(folder, rows)
        shutil.copytree(folder / "site", folder / "kept")
        seconds, memory = {}, {}
        for kind, lines, note, expected in returns(folder, rounds):
            # With earlier rounds on record every device would be one that came back more than once.
            shutil.rmtree(folder / "site", ignore_errors=True)
            shutil.copytree(folder / "kept", folder / "site")
            for path in folder.glob("run.reconciliation*"):
                path.unlink()
            with open(folder / "back.csv", "w", encoding="ascii", buffering=1 << 20) as file:
                file.write(f"device_id,kcv,round {note}")
                file.writelines(f"{line},\n" for line in lines)
            figures = run(folder, "reconcile", "run", "back.csv", expected=expected)
            seconds.setdefault(kind, []).append(figures[0])
            memory[kind] = max(figures[1], memory.get(kind, 0))
        for kind, values in seconds.items():
            print(f"| {rows:,}, {kind} | {statistics.median(values):.2f} s | {memory[kind] / 2**20:.0f} MiB |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| rows that come back | `ipek reconcile` | peak memory |\n|---|---:|---:|")
    for rows in arguments.rows or [1_000_000]:
        measure(rows, arguments.rounds)


main()
