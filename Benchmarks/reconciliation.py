"""How long a return takes to be held against its run.

    Benchmarks/reconciliation.py [--rows N]... [--rounds N]

Prints a Markdown table.
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


# What comes back, out of the run's report: other programs make it, since a child's memory is counted with its parent's.
RETURNS = {
    "in the run's order": ("cat", 0),
    "in any order": ("shuf --random-source=run/check-values.csv", 0),
    "every hundredth wrong": ("""awk -F, 'NR % 100 { print; next } { print $1 ",000000," }'""", 1),
}


def measure(rows, rounds):
    # On the disk that the checkout is on, not in a memory file system.
    scratch = ROOT / ".build" / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as name:
        folder = pathlib.Path(name)
        make_run(folder, rows)
        shutil.copytree(folder / "site", folder / "kept")
        for kind, (program, expected) in RETURNS.items():
            command = f"""(echo device_id,kcv,note; awk -F, 'NR > 1 {{ print $2 "," $7 "," }}' run/check-values.csv | {program}) > back.csv"""
            subprocess.run(["bash", "-c", command], cwd=folder, check=True)
            figures = [reconcile(folder, expected) for _ in range(rounds)]
            seconds, memory = statistics.median(figure[0] for figure in figures), max(figure[1] for figure in figures)
            print(f"| {rows:,}, {kind} | {seconds:.2f} s | {memory / 2**20:.0f} MiB |")


def reconcile(folder, expected):
    """With earlier rounds on record every device would be one that came back more than once, so they are forgotten."""
    shutil.rmtree(folder / "site")
    shutil.copytree(folder / "kept", folder / "site")
    for path in folder.glob("run.reconciliation*"):
        path.unlink()
    return run(folder, "reconcile", "run", "back.csv", expected=expected)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print("| rows that come back | `ipek reconcile` | peak memory |\n|---|---:|---:|")
    for rows in arguments.rows or [1_000_000]:
        measure(rows, arguments.rounds)


main()
