"""A site with the published test keys, and runs whose pages are opened."""

import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PASSPHRASE = str(ROOT / "samples" / "TEST-passphrase")

# What would run, or close an attribute, if it were taken for anything but text. Models are printable ASCII.
HOSTILE_MODELS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(2)>", "'onmouseover='alert(3)", "</script><b>bold</b>",
    "<!-- comment", "a\\l b\\t c\\\\", "&lt;b&gt;", "{{manifestName}}",
]
# A quotation mark with an accent is one character to some, and still closes an attribute.
HOSTILE_NOTE = "pallet 7 \"\u0301 onload=alert(4) <\u0338img src=x onerror=alert(5)> </title></script> \u202egnp"


class Fleet:
    """Runs of one throw-away site in a folder that the caller removes."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.binary = os.environ.get("IPEK_BINARY", str(ROOT / ".build" / "ipek"))
        self._next = 0
        self.ipek("init", "--scrypt-log-n", "12")
        self._import("bdk-tdes", "bdk", "tdes-2key", 3)
        self._import("kbpk-tdes", "kbpk", "tdes-2key", 2)

    def ipek(self, *arguments, expect=(0,)):
        command = [self.binary, *arguments, "--site", str(self.folder / "site"), "--passphrase-file", PASSPHRASE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode not in expect:
            raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}\n{done.stderr[-2000:]}")
        return done

    def _import(self, name, usage, algorithm, count):
        parts = [f"--component-file={ROOT}/samples/TEST-{name}.component{part + 1}" for part in range(count)]
        self.ipek(
            "key", "import", name, "--usage", usage, "--algorithm", algorithm, "--components", str(count), *parts)

    def provision(self, name, rows, *options, expect=(0,)):
        """Provisions rows of device, number, model and slot; returns the run's folder."""
        manifest = self.folder / f"{name}.csv"
        with manifest.open("w", encoding="utf-8") as file:
            file.write("device_id,ksn,model,slot\n")
            for device, ksn, model, slot in rows:
                model = '"' + model.replace('"', '""') + '"'
                file.write(f"{device},{ksn},{model},{slot}\n")
        self.ipek(
            "provision", str(manifest), "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--layout", "csv", "--output",
            str(self.folder / name), *options, expect=expect)
        return self.folder / name

    def numbers(self, count, gap_after=None):
        """Serial numbers that no run before had; one is left out after every `gap_after`."""
        for index in range(count):
            if gap_after and index and index % gap_after == 0:
                self._next += 3
            number, self._next = self._next, self._next + 1
            yield f"FFFF98{0x7000 + number // 0x80000:04X}{number % 0x80000 << 21:010X}"

    def devices(self, name, count, models=("Portable-520", "Kiosk-200"), slots=("",), gap_after=None):
        for index, ksn in enumerate(self.numbers(count, gap_after)):
            yield f"{name}-{index + 1:07}", ksn, models[index % len(models)], slots[index % len(slots)]
