"""A site, manifests and runs in a folder of its own, and what a run must have left in the end."""

import csv
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
IPEK = os.environ.get("IPEK_BINARY", str(ROOT / ".build" / "ipek"))
PASSPHRASE = "TEST passphrase: it protects nothing\n"
KEYS = [("bdk-tdes", "bdk", "tdes-2key", 3), ("kbpk-tdes", "kbpk", "tdes-2key", 2)]


class Broken(Exception):
    """What was promised does not hold."""


class Place:
    """A folder with a site that has issued nothing, a passphrase and manifests."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
        self.ipek("init", "--scrypt-log-n", "12")
        for name, usage, algorithm, count in KEYS:
            files = [f"{ROOT}/samples/TEST-{name}.component{number}" for number in range(1, count + 1)]
            options = [option for file in files for option in ("--component-file", file)]
            self.ipek(
                "key", "import", name, "--usage", usage, "--algorithm", algorithm, "--components", str(count), *options)
        (self.folder / "site").rename(self.folder / "new-site")

    def ipek(self, *arguments, environment=None, status=0):
        """Runs the command; a status that was not expected is a broken promise."""
        outcome = subprocess.run(
            [IPEK, *arguments, "--passphrase-file", "passphrase", "--no-input"], cwd=self.folder, check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | (environment or {}), capture_output=True, text=True)
        if status is not None and outcome.returncode != status:
            raise Broken(f"ipek {' '.join(arguments)}: status {outcome.returncode}: {outcome.stderr.strip()}")
        return outcome

    def write_fleet(self, name, count):
        """A manifest of devices in a row, some of them bad where `--keep-going` is given."""
        rows = [f"T-{i},{0xFFFF987600000000 + (i << 5):016X}0000,Kiosk {i % 7}\n" for i in range(count)]
        (self.folder / name).write_text("device_id,ksn,model\n" + "".join(rows), encoding="ascii")

    def forget(self):
        """The site as it was when nothing was issued, and no run."""
        for name in ("site", "out", "out.incomplete"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / "new-site", self.folder / "site")

    def exists(self, name):
        return os.path.lexists(self.folder / name)

    def provision(self, options, *more, environment=None, status=0):
        arguments = ["provision", *options, "--bdk", "bdk-tdes", "--kbpk", "kbpk-tdes", "--output", "out", *more]
        return self.ipek(*arguments, environment=environment, status=status)

    def complete(self, options):
        """Ends what a fault has cut short, in the way that its remains ask for; says which way it was."""
        if self.exists("out"):
            return "done"
        if self.exists("out.incomplete"):
            self.provision(options, "--resume")
            return "resumed"
        self.provision(options)
        return "begun again"

    def check(self, expected):
        """The folder, the ledger and the audit log agree with each other and with the undisturbed run."""
        if self.exists("out.incomplete"):
            raise Broken("out.incomplete is there beside out")
        self.check_sums()
        if (found := self.devices()) != expected:
            lost = [device for device in expected if device not in found]
            raise Broken(f"{len(lost)} devices are missing, {len(found)} found of {len(expected)}, or differ")
        self.check_ledger(len(expected))
        self.ipek("verify", "out")
        audit = json.loads(self.ipek("audit", "verify", "--json").stdout)
        if not audit["good"] or audit["unfinished"]:
            raise Broken(f"the audit log: {audit}")

    def devices(self):
        """Device to its KSN and check value, by the report; each has one key block."""
        with open(self.folder / "out/check-values.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        devices = {row["device_id"]: (row["ksn"], row["kcv"], row["algorithm"]) for row in rows}
        blocks = self.key_blocks()
        if len(devices) != len(rows) or sorted(blocks) != sorted(devices):
            raise Broken("a device is missing, or there twice")
        return devices

    def key_blocks(self):
        out = self.folder / "out"
        if (out / "devices").exists():
            return [path.stem for path in (out / "devices").iterdir()]
        if (out / "keyblocks.jsonl").exists():
            lines = (out / "keyblocks.jsonl").read_text(encoding="utf-8").splitlines()
            return [json.loads(line)["device_id"] for line in lines]
        with open(out / "keyblocks.csv", encoding="utf-8", newline="") as file:
            return [row["device_id"] for row in csv.DictReader(file)]

    def check_sums(self):
        out = self.folder / "out"
        listed = dict(
            reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
        found = {
            str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in out.rglob("*") if path.is_file() and path.name != "SHA256SUMS"
        }
        if listed != found:
            raise Broken(f"SHA256SUMS differs in {sorted(set(listed.items()) ^ set(found.items()))[:3]}")

    def check_ledger(self, count):
        with sqlite3.connect(self.folder / "site/ledger.sqlite") as ledger:
            if (answer := ledger.execute("PRAGMA integrity_check").fetchone()) != ("ok",):
                raise Broken(f"the ledger: {answer}")
            runs = ledger.execute(
                "SELECT r.state, total(s.count) FROM run r LEFT JOIN serial_numbers s ON s.run = r.id GROUP BY r.id")
            issued = [numbers for state, numbers in runs if state != "released"]
        if issued != [count]:
            raise Broken(f"the ledger has {issued} numbers in use, expected {count}")
        name = json.loads((self.folder / "out/run.json").read_text(encoding="utf-8"))["run_id"]
        if [path.name for path in (self.folder / "site/runs").iterdir()] != [f"{name}.index"]:
            raise Broken("the site has not the index of this run alone")
