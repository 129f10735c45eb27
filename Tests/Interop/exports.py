"""Single keys that `ipek key export` hands on, opened with psec and compared with keys derived here."""

import json
from dataclasses import dataclass, field

import reference
from psec import tr31

KSN = "FFFF9876543210E00001"
OTHER_KSN = "FFFF9876550000E00001"
KEY_ID = "1234567890123456"


@dataclass
class Export:
    """One `key export`, and what psec has to find in it."""

    key: str  # a sample key, which leaves itself unless a KSN is given
    under: str
    header: str  # usage, algorithm, mode of use, version number and exportability
    options: list = field(default_factory=list)
    blocks: dict = field(default_factory=dict)
    ksn: str = ""


EXPORTS = [
    Export("bdk-tdes", "kbpk-tdes", "B0TX00E"),
    Export(
        "bdk-tdes", "kbpk-tdes", "B0TX02N",
        ["--key-version", "02", "--exportability", "N", "--optional-block", "BI=00ABCDEFABCD"], {"BI": "00ABCDEFABCD"},
    ),
    Export(
        "bdk-aes", "kbpk-aes", "B0AX00E", ["--optional-block", "LB=till 4", "--optional-block", "KP", "--optional-block", "KC"],
        {"KC": "01FF0BD7C455", "KP": "012331550BC9", "LB": "till 4"},
    ),
    Export("bdk-tdes", "kbpk-aes", "B0TX00E", ["--no-length-obfuscation"]),
    Export("bdk-tdes", "kbpk-tdes", "B1TX00N", blocks={"KS": "FFFF9876543210E00000"}, ksn=KSN),
    Export("bdk-aes", "kbpk-aes", "B1AX00N", blocks={"IK": KEY_ID}, ksn=KEY_ID),
    Export("bdk-tdes", "kbpk-tdes", "B1TX00S", ["--exportability", "S", "--allow-exportable", "--no-ksn-block"], ksn=OTHER_KSN),
]  # fmt: skip


def make_exportable(ipek, samples, name, options):
    """The sample keys may not leave; another name has the same key with exportability E."""
    files = sorted(samples.glob(f"TEST-{name}.component*"))
    parts = [argument for file in files for argument in ("--component-file", file)]
    algorithm = "tdes-2key" if name.endswith("tdes") else "aes-128"
    ipek(
        "key", "import", f"{name}.out", "--usage", "bdk", "--algorithm", algorithm, "--exportability", "E",
        "--components", str(len(files)), *parts, *options,
    )  # fmt: skip


def expected_key(export, keys):
    if not export.ksn:
        return keys[export.key]
    derive = reference.tdes_initial_key if export.key.endswith("tdes") else reference.aes_initial_key
    return derive(keys[export.key], export.ksn)


def faults_of(export, keys, ipek, options):
    serial_number = ["--dukpt-ksn", export.ksn] if export.ksn else []
    arguments = ["key", "export", f"{export.key}.out", "--tr31", "--under", export.under, *serial_number, *export.options, *options]
    text = ipek(*arguments)
    if text.count("\n") != 1:
        yield f"{text!r} is not one line"
    header, key = tr31.unwrap(keys[export.under], text.rstrip("\n"))
    found = header.key_usage + header.algorithm + header.mode_of_use + header.version_num + header.exportability
    if found != export.header:
        yield f"header {found}, expected {export.header}"
    blocks = {name: header.blocks[name] for name in header.blocks if name != "PB"}
    if list(blocks.items()) != list(export.blocks.items()):
        yield f"optional blocks {blocks}, expected {export.blocks}"
    if key != expected_key(export, keys):
        yield "the key is not the one derived here"
    # The same device's key once more, which has to be said.
    again = ["--again", "as a document"] if export.ksn else []
    yield from document_faults(export, key, json.loads(ipek(*arguments, *again, "--json")))


def document_faults(export, key, document):
    """The shape of AWS's ExportKey, and no member more."""
    is_tdes = export.key.endswith("tdes")
    algorithm = "ANSI_X9_24" if is_tdes else "CMAC"
    material = document.get("WrappedKey", {}).pop("KeyMaterial", "")
    expected = {"WrappedKey": {
        "KeyCheckValue": reference.check_value(key, is_tdes, algorithm, 3), "KeyCheckValueAlgorithm": algorithm,
        "WrappedKeyMaterialFormat": "TR31_KEY_BLOCK",
    }}  # fmt: skip
    if document != expected or not material:
        yield f"document {document}, expected {expected} with KeyMaterial"


def export_faults(ipek, samples, keys, options):
    for name in ("bdk-tdes", "bdk-aes"):
        make_exportable(ipek, samples, name, options)
    for number, export in enumerate(EXPORTS):
        for fault in faults_of(export, keys, ipek, options):
            yield f"export {number}: {fault}"
