"""Opens everything that the sample runs produce with psec, and compares it with keys derived here.

    Tests/Interop/run

Drives the release binary on samples/ in a throw-away site. The last line is `N passed, N failed`.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import exports
import installation
import manifests
import readme
import reference
import runs
import tr34
import transport
from psec import tr31

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("IPEK_BINARY", ROOT / ".build" / "ipek")).resolve()
SAMPLES = ROOT / "samples"
KEYS = runs.read_keys(SAMPLES)


@dataclass
class Case:
    """One run of `ipek provision`, and what its options have to change in the output."""

    name: str
    manifest: str
    layout: str
    bdk: str = "bdk-tdes"
    kbpk: str = "kbpk-tdes"
    options: list = field(default_factory=list)
    version: str = ""  # by the wrapping key
    exportability: str = "N"
    key_version: str = ""  # the manifest's
    blocks: list = field(default_factory=list)
    has_ksn_block: bool = True
    check_value: tuple = ()  # by the algorithm


FLEETS = [
    ("tdes-fleet", {}),
    ("aes-fleet", {"bdk": "bdk-aes", "kbpk": "kbpk-aes"}),
    ("mixed-fleet", {}),
]
CASES = [
    Case(f"{fleet}, layout {layout}", f"{fleet}.csv", layout, **keys)
    for fleet, keys in FLEETS
    for layout in ("files", "csv", "jsonl")
] + [
    Case("TDES keys under an AES key", "tdes-fleet.csv", "csv", kbpk="kbpk-aes"),
    Case("version E", "aes-fleet.csv", "csv", "bdk-aes", "kbpk-aes", ["--key-block-version", "E"], version="E"),
    Case(
        "AWS's form: exportability S, no KS block", "tdes-fleet.csv", "csv",
        options=["--exportability", "S", "--allow-exportable", "--no-ksn-block"], exportability="S", has_ksn_block=False,
    ),
    Case(
        "KC, KP and TS", "mixed-fleet.csv", "jsonl",
        options=[option for block in ("KC", "KP", "TS") for option in ("--optional-block", block)],
        blocks=["KC", "KP", "TS"],
    ),
    Case(
        "no length obfuscation, key version 07", "aes-fleet.csv", "csv", "bdk-aes", "kbpk-aes",
        ["--no-length-obfuscation", "--key-version", "07"], key_version="07",
    ),
    Case(
        "CMAC check values of 4 bytes, three workers", "mixed-fleet.csv", "csv",
        options=["--kcv-algorithm", "cmac", "--kcv-bytes", "4", "--jobs", "3"], check_value=("CMAC", 4),
    ),
]  # fmt: skip


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, name, faults):
        """Passes if there are no faults; prints the first few otherwise."""
        faults = list(faults)
        if not faults:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {name}")
        for fault in faults[:5]:
            print(f"    {fault:.300}")
        if len(faults) > 5:
            print(f"    and {len(faults) - 5} more")


def ipek(*arguments):
    result = subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"ipek {' '.join(map(str, arguments))}: status {result.returncode}\n{result.stderr}\n0 passed, 1 failed")
    return result.stdout


def make_site(site):
    options = ["--site", site, "--passphrase-file", SAMPLES / "TEST-passphrase"]
    ipek("init", *options, "--scrypt-log-n", "12")
    for name, key in KEYS.items():
        usage, family = name.split("-")
        algorithm = "tdes-2key" if family == "tdes" else f"aes-{len(key) * 8}"
        files = sorted(SAMPLES.glob(f"TEST-{name}.component*"))
        parts = [argument for file in files for argument in ("--component-file", file)]
        ipek("key", "import", name, "--usage", usage, "--algorithm", algorithm, "--components", str(len(files)), *parts, *options)
    return options


def copy_of(site, name):
    """A site that has issued nothing, so that every case can have the same devices."""
    copy = site.with_name(name)
    shutil.copytree(site, copy, copy_function=shutil.copy2)
    copy.chmod(0o700)
    return ["--site", copy, "--passphrase-file", SAMPLES / "TEST-passphrase"]


def initial_key(device):
    derive = reference.tdes_initial_key if device.is_tdes() else reference.aes_initial_key
    return derive(KEYS[device.bdk], device.ksn)


def algorithm_name(device):
    return "TDES-2KEY" if device.is_tdes() else reference.KEY_NAME[len(KEYS[device.bdk])]


def expected_check_value(case, device, key):
    algorithm, count = case.check_value or (("ANSI_X9_24", 3) if device.is_tdes() else ("CMAC", 5))
    return algorithm, reference.check_value(key, device.is_tdes(), algorithm, count)


def report_faults(case, devices, report):
    if len(devices) != len(report):
        yield f"{len(report)} rows for {len(devices)} devices"
        return
    for device, row in zip(devices, report, strict=True):
        algorithm, value = expected_check_value(case, device, initial_key(device))
        expected = {
            "line": str(device.line), "device_id": device.device_id, "model": device.model, "slot": device.slot,
            "ksn": device.ksn, "algorithm": algorithm_name(device), "kcv": value, "kcv_algorithm": algorithm,
            "bdk": device.bdk, "kbpk": device.kbpk, "status": "issued", "reason": "",
        }  # fmt: skip
        if row != expected:
            yield f"line {device.line}: expected {expected}, found {row}"


def table_faults(case, devices, blocks):
    """The columns beside the key block, in the layouts that have them."""
    if {(device.device_id, device.slot) for device in devices} != set(blocks):
        yield "the devices are not those of the manifest"
        return
    if case.layout != "files" and list(blocks) != [(device.device_id, device.slot) for device in devices]:
        yield "the order is not that of the manifest"
    for device in devices:
        row = dict(blocks[device.device_id, device.slot])
        del row["key_block"]
        expected = {} if case.layout == "files" else {
            "device_id": device.device_id, "slot": device.slot, "model": device.model, "ksn": device.ksn,
            "algorithm": algorithm_name(device), "kcv": expected_check_value(case, device, initial_key(device))[1],
        }  # fmt: skip
        if row != expected:
            yield f"line {device.line}: expected {expected}, found {row}"


def open_block(kbpk, text):
    """Header and key: psec opens versions A to D; of version E it reads the header."""
    if text[0] != "E":
        return tr31.unwrap(kbpk, text)
    header = tr31.Header()
    header.load("D" + text[1:])
    return header, reference.open_version_e(kbpk, text)


def key_block_faults(case, devices, blocks):
    for device in devices:
        text = blocks[device.device_id, device.slot]["key_block"]
        try:
            header, key = open_block(KEYS[device.kbpk], text)
        except Exception as error:  # noqa: BLE001 - whatever psec says is a fault of this block
            yield f"line {device.line}: psec refuses {text}: {error}"
            continue
        if key != initial_key(device):
            yield f"line {device.line}: the key is not the one derived here"
        yield from header_faults(case, device, key, text, header)


def header_faults(case, device, key, text, header):
    version = case.version or ("B" if device.kbpk.endswith("tdes") else "D")
    key_version = case.key_version if device.key_version == "00" and case.key_version else device.key_version
    expected = (version, "B1", "T" if device.is_tdes() else "A", "X", key_version, case.exportability, "00")
    found = (text[0], header.key_usage, header.algorithm, header.mode_of_use, header.version_num, header.exportability, text[14:16])
    if found != expected:
        yield f"line {device.line}: header {found}, expected {expected}"
    if int(text[1:5]) != len(text) or text != text.rstrip().upper() and not device.label:
        yield f"line {device.line}: {text}"
    yield from optional_block_faults(case, device, key, header)


def optional_block_faults(case, device, key, header):
    found = {name: header.blocks[name] for name in header.blocks}
    expected = {}
    if case.has_ksn_block:
        expected["KS" if device.is_tdes() else "IK"] = device.ksn if device.is_tdes() else device.ksn[:16]
    for name, value, is_tdes in (("KC", key, device.is_tdes()), ("KP", KEYS[device.kbpk], device.kbpk.endswith("tdes"))):
        if name in case.blocks:
            kind, algorithm, count = ("00", "ANSI_X9_24", 3) if is_tdes else ("01", "CMAC", 5)
            expected[name] = kind + reference.check_value(value, is_tdes, algorithm, count)
    if "TS" in case.blocks:
        expected["TS"] = found.get("TS", "missing")
    if device.label:
        expected["LB"] = device.label
    found.pop("PB", None)
    if list(found.items()) != list(expected.items()):
        yield f"line {device.line}: optional blocks {found}, expected {expected}"


def summary_faults(devices, folder):
    summary = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    counts = summary["counts"]
    if (counts["issued"], counts["rejected"]) != (len(devices), 0):
        yield f"counts {counts} for {len(devices)} devices"
    if summary["environment"] != "test":
        yield f"environment {summary['environment']}"


def reference_faults():
    """The few lines in reference.py against the known answers, before anything is judged by them."""
    vectors = ROOT / "Tests" / "Vectors"
    for row in json.loads((vectors / "ipek-tdes.json").read_text(encoding="utf-8")):
        if reference.tdes_initial_key(bytes.fromhex(row["bdk"]), row["ksn"]) != bytes.fromhex(row["ipek"]):
            yield row["id"]
    for row in json.loads((vectors / "ik-aes.json").read_text(encoding="utf-8")):
        if reference.aes_initial_key(bytes.fromhex(row["bdk"]), row["ksn"]) != bytes.fromhex(row["ik"]):
            yield row["id"]
    for row in json.loads((vectors / "tr31.json").read_text(encoding="utf-8")):
        if row["version"] != "E":
            continue
        if reference.open_version_e(bytes.fromhex(row["kbpk"]), row["key_block"]) != bytes.fromhex(row["key"]):
            yield row["id"]


def run_case(tally, case, folder, options):
    ipek(
        "provision", SAMPLES / case.manifest, "--bdk", case.bdk, "--kbpk", case.kbpk, "--output", folder,
        "--layout", case.layout, *case.options, *options,
    )  # fmt: skip
    devices = list(manifests.devices(SAMPLES / case.manifest, case.bdk, case.kbpk))
    blocks = runs.read_key_blocks(folder, case.layout)
    tally.expect(f"{case.name}: every key block opens and holds the right key", key_block_faults(case, devices, blocks))
    tally.expect(f"{case.name}: the report", report_faults(case, devices, runs.read_report(folder)))
    tally.expect(f"{case.name}: the columns beside the key blocks", table_faults(case, devices, blocks))
    tally.expect(f"{case.name}: run.json", summary_faults(devices, folder))
    tally.expect(f"{case.name}: SHA256SUMS", runs.sums_faults(folder))
    tally.expect(f"{case.name}: file modes", runs.mode_faults(folder))


def main():
    tally = Tally()
    tally.expect("the reference gives the known answers", reference_faults())
    tally.expect("the reader of TR-34 tokens gives the known answers", tr34.self_test_faults(ROOT / "Tests" / "Vectors" / "tr34"))
    with tempfile.TemporaryDirectory() as scratch:
        site = pathlib.Path(scratch) / "site"
        options = make_site(site)
        for number, case in enumerate(CASES):
            run_case(tally, case, pathlib.Path(scratch) / f"run-{number}", copy_of(site, f"site-{number}"))
        tally.expect("the sample with every fault", readme.fault_sample_faults(ROOT, BINARY, site))
        tally.expect("single keys that leave", exports.export_faults(ipek, SAMPLES, KEYS, options))
        tokens = pathlib.Path(scratch) / "tr34"
        tally.expect("TR-34 tokens", transport.export_faults(ipek, ROOT, KEYS, options, tokens))
    with tempfile.TemporaryDirectory() as scratch:
        tally.expect("the README's tutorial", readme.tutorial_faults(ROOT, BINARY, pathlib.Path(scratch)))
        tally.expect("the installation", installation.installation_faults(ROOT, pathlib.Path(scratch) / "root"))
        tally.expect("the manual page", installation.manual_faults(ROOT, BINARY))
        tally.expect("the demo", readme.demo_faults(ROOT, pathlib.Path(scratch)))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


sys.exit(main())
