"""A run's folder, read in any layout."""

import csv
import hashlib
import json
import pathlib
import stat


def read_report(folder):
    with open(folder / "check-values.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_key_blocks(folder, layout):
    """(device_id, slot) to a row with at least `key_block`."""
    if layout == "files":
        return {device_of(path): {"key_block": read_one_line(path)} for path in (folder / "devices").iterdir()}
    if layout == "csv":
        with open(folder / "keyblocks.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    else:
        rows = [json.loads(line) for line in (folder / "keyblocks.jsonl").read_text(encoding="utf-8").splitlines()]
    blocks = {(row["device_id"], row["slot"]): row for row in rows}
    assert len(blocks) == len(rows), "a device stands there twice"
    return blocks


def device_of(path):
    assert path.suffix == ".tr31", path.name
    device_id, _, slot = path.name.removesuffix(".tr31").partition("+")
    return device_id, slot


def read_one_line(path):
    text = path.read_text(encoding="ascii")
    assert text.endswith("\n") and text.count("\n") == 1, f"{path.name} is not one line"
    return text[:-1]


def sums_faults(folder):
    """Where SHA256SUMS and the folder differ."""
    listed = {}
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        listed[name] = digest
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or name == "SHA256SUMS":
            continue
        if listed.pop(name, None) != hashlib.sha256(path.read_bytes()).hexdigest():
            yield f"{name} is not listed with its digest"
    for name in listed:
        yield f"{name} is listed but not there"


def mode_faults(folder):
    """Files that somebody else could read."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        expected = 0o700 if path.is_dir() else 0o600
        if path.is_symlink() or mode != expected:
            yield f"{path.name} has mode {mode:o}, not {expected:o}"


def read_keys(samples):
    """Name to key: the XOR of the sample components."""
    keys = {}
    for path in sorted(pathlib.Path(samples).glob("TEST-*.component*")):
        name = path.name.removeprefix("TEST-").partition(".")[0]
        part = bytes.fromhex(path.read_text(encoding="ascii"))
        keys[name] = bytes(a ^ b for a, b in zip(keys.get(name, bytes(len(part))), part, strict=True))
    return keys
