"""What a manifest asks for, read with Python's own csv module."""

import csv
import re
from dataclasses import dataclass

import reference


@dataclass(frozen=True)
class Device:
    line: int
    device_id: str
    slot: str
    model: str
    label: str
    key_version: str
    ksn: str
    bdk: str
    kbpk: str

    def is_tdes(self):
        return self.bdk.endswith("tdes")


def devices(path, bdk, kbpk):
    """Every device in manifest order, quantity rows unfolded, `ksn` the initial KSN."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for number, row in enumerate(reader, start=2):
            yield from unfolded(number, row, row.get("bdk") or bdk, row.get("kbpk") or kbpk)


def unfolded(line, row, bdk, kbpk):
    is_tdes = bdk.endswith("tdes")
    first = reference.initial_ksn(row["ksn"], is_tdes)
    # The device number stands left of the counter: 21 bits for TDES, 32 for AES.
    step = 1 << (21 if is_tdes else 32)
    for index in range(int(row.get("quantity") or 1)):
        yield Device(
            line=line,
            device_id=numbered(row["device_id"], index + 1),
            slot=row.get("slot") or "",
            model=row.get("model") or "",
            label=row.get("label") or "",
            key_version=row.get("key_version") or "00",
            ksn=f"{int(first, 16) + index * step:0{len(first)}X}",
            bdk=bdk,
            kbpk=kbpk,
        )


def numbered(name, number):
    return re.sub(r"\{n(?::0(\d+))?\}", lambda match: f"{number:0{match[1] or 1}}", name)
