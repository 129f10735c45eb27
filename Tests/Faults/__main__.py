"""The n-th call of a run fails, or is its last one, for n = 1, 2, 3, ... until a run passes undisturbed.

In the manner of SQLite's own tests. After each fault the run is completed and compared with one that nothing has disturbed.
"""

import argparse
import errno
import pathlib
import subprocess
import sys
import tempfile
import time

import daily
from place import Broken, Place

SOURCE = pathlib.Path(__file__).with_name("storage.c")
# How a process ends, and how a call fails; a number stands for itself, a negative one for all that follow, too.
ENDS = ["kill", "after", "torn", "power"]
ERRORS = {
    "ENOSPC": errno.ENOSPC, "ENOSPC from then on": -errno.ENOSPC, "EIO": errno.EIO, "EMFILE": errno.EMFILE,
    "EMFILE from then on": -errno.EMFILE, "EINTR": errno.EINTR, "short writes": "short",
}
KINDS = {kind: kind for kind in ENDS} | ERRORS
# Enough for three chunks, and few enough for a file each.
SCENARIOS = [
    ("csv", ["fleet.csv", "--layout", "csv"], False), ("jsonl", ["fleet.csv", "--layout", "jsonl"], False),
    ("files", ["few.csv", "--layout", "files"], False), ("4 workers", ["fleet.csv", "--layout", "csv", "--jobs", "4"], False),
    ("resumed", ["fleet.csv", "--layout", "csv"], True),
]


class Sweep:
    """All faults of one kind in one scenario."""

    def __init__(self, place, library, scenario, kind):
        self.place, self.library = place, library
        (self.name, self.options, self.resumes), self.kind = scenario, kind
        self.counts = {"done": 0, "resumed": 0, "begun again": 0}
        self.faults = 0

    def run(self, step, expected):
        number = 1
        while self.fault(number, expected):
            number += step

    def fault(self, number, expected):
        """One fault; false where the run has no such call any more."""
        place, log = self.place, self.place.folder / "fault"
        log.unlink(missing_ok=True)
        place.forget()
        more = []
        if self.resumes:
            self.interrupt()
            more = ["--resume"]
        outcome = place.provision(
            self.options, *more, status=None,
            environment={
                "LD_PRELOAD": str(self.library), "FAULT_AT": str(number), "FAULT_KIND": str(KINDS[self.kind]),
                "FAULT_LOG": str(log),
            })
        if not log.exists():
            return False
        self.faults += 1
        call = log.read_text(encoding="utf-8").strip()
        try:
            if outcome.returncode == 0 and not place.exists("out"):
                raise Broken("the run says that it is done, and is not")
            self.counts[place.complete(self.options)] += 1
            place.check(expected)
        except Broken as broken:
            raise Broken(
                f"{self.name}, {self.kind}, call {number} ({call}): {broken}\n"
                f"the run: {outcome.returncode} {outcome.stderr.strip()}") from broken
        return True

    def interrupt(self):
        """Leaves a run that was killed in the middle, in its second chunk."""
        self.place.provision(
            self.options, status=-9,
            environment={
                "LD_PRELOAD": str(self.library), "FAULT_AT": str(self.middle), "FAULT_KIND": "torn",
            })

    middle = 0


def find_middle(place, library, options):
    """The number of a call by which one chunk is committed and the next one is not."""

    def commits(number):
        place.forget()
        outcome = place.provision(
            options, status=None,
            environment={"LD_PRELOAD": str(library), "FAULT_AT": str(number), "FAULT_KIND": "torn"})
        journal = place.folder / "out.incomplete/journal"
        lines = journal.read_bytes().count(b"\n") if journal.exists() else 0
        return 9 if outcome.returncode == 0 else lines - 1

    low, high = 1, 1 << 12
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if commits(middle) >= 1 else (middle + 1, high)
    if commits(low + 1) != 1:
        raise Broken("no run was ever killed between two commits")
    return low + 1


def undisturbed(place, options):
    place.forget()
    place.provision(options)
    devices = place.devices()
    place.check(devices)
    return devices


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="every fifteenth call, and fewer kinds of faults")
    parser.add_argument("--scenario", action="append", choices=[name for name, *_ in SCENARIOS], help="this one alone")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="this kind of faults alone")
    arguments = parser.parse_args()
    total, start, worst = dict.fromkeys(("done", "resumed", "begun again"), 0), time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="ipek-faults-") as folder:
        library = pathlib.Path(folder) / "storage.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", library, SOURCE], check=True)
        place = Place(folder)
        place.write_fleet("fleet.csv", 9_000)
        place.write_fleet("few.csv", 20)
        Sweep.middle = find_middle(place, library, SCENARIOS[0][1])
        kinds = arguments.kind or (["kill", "power", "ENOSPC from then on", "EIO"] if arguments.short else list(KINDS))
        scenarios = [SCENARIOS[0], SCENARIOS[2], SCENARIOS[4]] if arguments.short else SCENARIOS
        if arguments.scenario:
            scenarios = [scenario for scenario in SCENARIOS if scenario[0] in arguments.scenario]
        for scenario in scenarios:
            expected = undisturbed(place, scenario[1])
            for kind in kinds:
                sweep = Sweep(place, library, scenario, kind)
                sweep.run(15 if arguments.short else 1, expected)
                report(f"{scenario[0]}, {kind}", sweep.faults, sweep.counts)
                total = {way: count + sweep.counts[way] for way, count in total.items()}
        if not arguments.scenario and not arguments.kind:
            daily.main(place, arguments.short, undisturbed)
    report(f"all, in {time.monotonic() - start:.0f} s", sum(total.values()), total)
    return worst


def report(name, faults, counts):
    ways = ", ".join(f"{count} {way}" for way, count in counts.items())
    print(f"faults: {name}: {faults} faults, {ways}; no key lost, none twice", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as broken:
        sys.exit(f"faults: {broken}")
