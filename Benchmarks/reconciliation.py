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
import tempfile

from measuring import BINARY, PASSPHRASE, make_site, measured, scratch


def run(folder, *command, expected=0):
    """In the folder of the site."""
    os.chdir(folder)
    return measured(BINARY, *command, *PASSPHRASE, expected=expected)


def make_run(folder, rows):
    """A site with the sample keys, and a run of so many devices in it."""
    make_site(folder / "site")
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
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = pathlib.Path(name)
        make_run(folder, rows)
        shutil.copytree(folder / "site", folder / "kept")
        for kind, (program, expected) in RETURNS.items():
            command = f"""(echo device_id,kcv,note; awk -F, 'NR > 1 {{ print $2 "," $7 "," }}' run/check-values.csv | {program}) > back.csv"""
            subprocess.run(["bash", "-c", command], cwd=folder, check=True)
            figures = [reconcile(folder, expected) for _ in range(rounds)]
            seconds = statistics.median(figure.seconds for figure in figures)
            memory = max(figure.memory for figure in figures)
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
