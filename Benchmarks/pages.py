#!/usr/bin/env python3
"""How long a browser takes to open a run's page, and to search it.

    Benchmarks/pages.py [--rounds N]

Prints a Markdown table. The clock is the browser's own: from the request for the file until it has drawn the first rows.
"""

import argparse
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Pages"))
from browser import Browser, Page  # noqa: E402
from fleet import Fleet  # noqa: E402

# Two frames after the page has loaded, everything that it shows at first is on the screen.
OPENED = """new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"""
SEARCHED = """(() => {
    const field = document.getElementById('search'), start = performance.now();
    field.value = '%s';
    document.getElementById('find').requestSubmit();
    return performance.now() - start;
})()"""


def measure(browser, path, wanted):
    with Page(browser, path) as page:
        opened = page.run(OPENED)
        return opened, page.run(SEARCHED % wanted), page.run(SEARCHED % (wanted + "x"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print("| a run's page | size | opened | first search | next search |\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="ipek-pages-") as folder, Browser() as browser:
        fleet = Fleet(pathlib.Path(folder))
        for count in (1_000, 100_000):
            path = fleet.provision(f"fleet-{count}", fleet.devices("T", count)) / "report.html"
            times = [measure(browser, path, f"t-{count:07}") for _ in range(rounds)]
            opened, first, following = (statistics.median(column) for column in zip(*times))
            size = path.stat().st_size / 1e6
            print(
                f"| {count:,} devices | {size:.1f} MB | {opened / 1000:.2f} s | {first:.0f} ms | {following:.0f} ms |")


main()
