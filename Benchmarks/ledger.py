"""What the ledger and the page add to a run; prints a Markdown table.

    python3 Benchmarks/ledger.py [--rows N] [--rounds N]

Out of the run's own `timings`: `ledger_seconds` and `report_seconds`, against the rest of `elapsed_seconds`. The one
transaction that ends the run comes after the record is written and is not in it. Every figure is a median.
"""

import argparse
import json
import pathlib
import statistics
import tempfile

from measuring import FAMILIES, log, make_site, provision, scratch, write_manifest

ORDERS = ("in order", "shuffled")


def measure(folder, rows, rounds, jobs=1):
    """The timings of each run; with one worker, so that no stage hides behind another one."""
    make_site(folder / "site")
    for family in FAMILIES:
        for order in ORDERS:
            write_manifest(folder / f"{family}-{order}.csv", family, rows, shuffled=order == "shuffled")
    figures = {(family, order): [] for family in FAMILIES for order in ORDERS}
    for number in range(rounds):
        for family, order in figures:
            log(f"round {number + 1} of {rounds}: {family}, {order}")
            process = provision(folder / "site", folder / "run", family, folder / f"{family}-{order}.csv", jobs)
            record = json.loads((folder / "run" / "run.json").read_text(encoding="utf-8"))
            figures[family, order].append(record["timings"] | {"memory": process.memory / 2**20})
    return figures


def main():
    parser = argparse.ArgumentParser(description="Measures what the ledger and the page add to a run.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        figures = measure(pathlib.Path(folder), arguments.rows, arguments.rounds)
    print(f"\n{arguments.rows:,} devices, one worker, {arguments.rounds} rounds.\n")
    print("| KSNs | run, s | ledger, s | page, s | both/rest of the run | peak MiB |\n|---|---:|---:|---:|---:|---:|")
    for (family, order), rounds in figures.items():
        run, ledger, page, memory = (
            statistics.median(timings[name] for timings in rounds)
            for name in ("elapsed_seconds", "ledger_seconds", "report_seconds", "memory")
        )
        share = (ledger + page) / (run - ledger - page)
        print(f"| {family.upper()}, {order} | {run:.2f} | {ledger:.3f} | {page:.3f} | {share:.2f} | {memory:.0f} |")


main()
