"""How long a finished run takes to be looked at again, in turns with the run itself; prints a Markdown table.

    python3 Benchmarks/verification.py [--rows N] [--rounds N] [--layout csv|jsonl|files]

IPEK_BINARY names the command, else it is the one that `make release` leaves. Progress goes to stderr. Every figure is a
median; processor time says more than the clock on a machine that does other things.
"""

import argparse
import pathlib
import statistics
import tempfile

from measuring import BINARY, FAMILIES, PASSPHRASE, log, make_site, measured, provision, scratch, write_manifest


def round_of(folder, family, jobs, layout):
    """A run, and a look at it."""
    output = folder / "run"
    run = provision(folder / "site", output, family, folder / f"{family}.csv", jobs, layout)
    return run, measured(BINARY, "verify", output, "--jobs", jobs, "--site", folder / "site-of-round", *PASSPHRASE)


def main():
    parser = argparse.ArgumentParser(description="Measures ipek verify beside ipek provision.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--layout", choices=("csv", "jsonl", "files"), default="csv")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=scratch()) as name:
        folder = pathlib.Path(name)
        make_site(folder / "site")
        figures = {(family, jobs): [] for family in FAMILIES for jobs in (1, 2)}
        for family in FAMILIES:
            write_manifest(folder / f"{family}.csv", family, arguments.rows)
            round_of(folder, family, 2, arguments.layout)
        for number in range(arguments.rounds):
            for family, jobs in figures:
                log(f"round {number + 1} of {arguments.rounds}: {family}, {jobs} jobs")
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
