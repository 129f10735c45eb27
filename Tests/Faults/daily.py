"""What needs no library: a disk that is really full, and kill -9 at any moment."""

import os
import random
import signal
import subprocess
import sys
import time

from place import IPEK, Broken


def main(place, short, undisturbed):
    options = ["fleet.csv", "--layout", "csv"]
    expected = undisturbed(place, options)
    kills(place, options, expected, 10 if short else 200)
    if os.geteuid() == 0:
        full_disk(place, expected, range(1, 13, 4) if short else range(1, 49))


def kills(place, options, expected, count):
    """Killed at a random moment, again and again, until it passes."""
    killed, runs = 0, 0
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    start = time.monotonic()
    place.forget()
    place.provision(options)
    longest = time.monotonic() - start
    for _ in range(count):
        place.forget()
        tries = 0
        while not place.exists("out"):
            more = ["--resume"] if place.exists("out.incomplete") else []
            # A machine that has become busy must come to an end, too.
            killed += kill_one(place, options + more, chance.uniform(0, longest * (1 + tries / 8)))
            tries += 1
        runs += tries
        try:
            place.check(expected)
        except Broken as broken:
            raise Broken(f"kill -9, seed {seed}: {broken}") from broken
    print(f"faults: kill -9 at random: {killed} of {runs} killed, {count} runs completed; no key lost", flush=True)


def kill_one(place, options, seconds):
    """True where the process was killed before its end."""
    arguments = [
        IPEK, "provision", *options, "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--output", "out", "--quiet",
        "--passphrase-file", "passphrase"]
    process = subprocess.Popen(arguments, cwd=place.folder, stderr=subprocess.PIPE, text=True)
    try:
        _, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return process.returncode == -signal.SIGKILL
    if process.returncode != 0:
        raise Broken(f"not killed, and status {process.returncode}: {errors}")
    return False


def full_disk(place, expected, sizes):
    """A file system of memory that is too small: first for all of it, then a little larger, until there is room."""
    folder = place.folder / "disk"
    folder.mkdir()
    for layout in ("csv", "files"):
        options = ["fleet.csv", "--layout", layout]
        full = 0
        for size in sizes:
            if not mounted(folder, size):
                print("faults: no file system can be mounted here: a disk that fills up was not tried", file=sys.stderr)
                return
            try:
                full += fill(place, folder, options, expected)
            finally:
                subprocess.run(["umount", folder], check=True)
        print(f"faults: a full disk, {layout}: {len(sizes)} sizes, {full} too small at first; no key lost", flush=True)


def mounted(folder, size):
    command = ["mount", "-t", "tmpfs", "-o", f"size={size * 128}k,nr_inodes=10000", "ipek-faults", folder]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def fill(place, folder, options, expected):
    """True where the disk was too small at first."""
    place.forget()
    arguments = [
        *options, "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--output", "disk/out"]
    first = place.ipek("provision", *arguments, status=None)
    if first.returncode not in (0, 73, 74):
        raise Broken(f"a full disk: status {first.returncode}: {first.stderr}")
    subprocess.run(["mount", "-o", "remount,size=64m,nr_inodes=100000", folder], check=True)
    if not (folder / "out").exists():
        more = ["--resume"] if (folder / "out.incomplete").exists() else []
        place.ipek("provision", *arguments, *more)
    subprocess.run(["cp", "-a", folder / "out", place.folder / "out"], check=True)
    place.check(expected)
    return first.returncode != 0
