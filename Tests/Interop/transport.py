"""Keys that leave as TR-34 tokens: opened with the reader in tr34.py, and looked at by openssl and a second checker.

The receivers and their authority are made here. Everything about a token goes through `token_faults`, so it can be used
for tokens of any origin.
"""

import datetime
import itertools
import json
import pathlib
import subprocess
import sys
from dataclasses import dataclass

import exports
import reference
import tr34
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SIZES = (2048, 3072, 4096)
NONCES = ("", "A1B2C3D4E5F60718", "A1B2C3D4E5F60718293A4B5C6D7E8F90")


@dataclass
class Receiver:
    """A receiver's certificate and private key, in memory and as files."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    certificate_file: pathlib.Path
    key_file: pathlib.Path


@dataclass
class Sender:
    """A sender's certificate and the chain above it."""

    certificate: x509.Certificate
    certificate_file: pathlib.Path
    chain_files: list


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "TEST"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate_for(subject, key, issuer, issuer_key, is_authority):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    usage.update({"key_cert_sign": True, "crl_sign": True} if is_authority else {"key_encipherment": True})
    builder = x509.CertificateBuilder(
        issuer_name=name(issuer), subject_name=name(subject), public_key=key.public_key(),
        serial_number=x509.random_serial_number(), not_valid_before=now - datetime.timedelta(hours=1),
        not_valid_after=now + datetime.timedelta(days=1),
    )  # fmt: skip
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    return builder.add_extension(x509.KeyUsage(**usage), critical=True).sign(issuer_key, hashes.SHA256())


def make_receivers(folder):
    """The authority's file, its revocation list's, and a receiver for each size of key."""
    authority_key = rsa.generate_private_key(65537, 3072)
    authority = certificate_for("Receivers", authority_key, "Receivers", authority_key, True)
    (folder / "krd-ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    revoked = x509.CertificateRevocationListBuilder(
        issuer_name=authority.subject, last_update=now - datetime.timedelta(hours=1), next_update=now + datetime.timedelta(days=1)
    ).sign(authority_key, hashes.SHA256())
    (folder / "krd-ca.crl").write_bytes(revoked.public_bytes(Encoding.PEM))
    receivers = {}
    for size in SIZES:
        key = rsa.generate_private_key(65537, size)
        certificate = certificate_for(f"Terminal {size}", key, "Receivers", authority_key, False)
        files = folder / f"krd-{size}.pem", folder / f"krd-{size}.key"
        files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        receivers[size] = Receiver(certificate, key, *files)
    return folder / "krd-ca.pem", folder / "krd-ca.crl", receivers


def read_sender(folder, label, chain_pem):
    """A sender from its certificate and chain as PEM."""
    certificates = x509.load_pem_x509_certificates(chain_pem.encode())
    files = []
    for number, certificate in enumerate(certificates):
        files.append(folder / f"{label}-{number}.pem")
        files[-1].write_bytes(certificate.public_bytes(Encoding.PEM))
    return Sender(certificates[0], files[0], files[1:])


def token_faults(der, profile, sender, receiver, key, header, nonce, folder, checker):
    """What is wrong with one token: `header` is usage, algorithm, mode of use, version number and exportability."""
    try:
        token = tr34.open_token(der, profile, sender.certificate, receiver.certificate, receiver.key)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault of this token
        yield f"refused: {error!r}"
        return
    if token.key != key:
        yield "the key is not the one derived here"
    if (token.header[0], token.header[5:12]) != ("D", header):
        yield f"header {token.header}, expected {header}"
    if token.nonce.hex().upper() != nonce:
        yield f"nonce {token.nonce.hex().upper()}, expected {nonce}"
    file = folder / "token.der"
    file.write_bytes(der)
    yield from openssl_faults(file, sender)
    if checker:
        yield from checker_faults(checker, file, profile, sender, receiver, key, nonce)


def openssl_faults(file, sender):
    """The outer signature alone: OpenSSL's CMS cannot read what is inside every form."""
    result = subprocess.run(
        ["openssl", "cms", "-verify", "-inform", "DER", "-in", file, "-noverify", "-certfile", sender.certificate_file,
         "-binary", "-out", "/dev/null"], capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        yield f"openssl cms -verify: {result.stderr}"


def checker_faults(checker, file, profile, sender, receiver, key, nonce):
    anchors = [argument for path in reversed(sender.chain_files) for argument in ("--ca", path)]
    result = subprocess.run(
        [sys.executable, "-W", "ignore", checker, file, "--krd-key", receiver.key_file, "--krd-cert", receiver.certificate_file,
         "--kdh-cert", sender.certificate_file, *anchors, "--profile", profile, *(["--nonce", nonce] if nonce else [])],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if result.returncode != 0:
        yield f"{checker.name}: {result.stdout}{result.stderr}"
    elif json.loads(result.stdout)["clear_key"].upper() != key.hex().upper():
        yield f"{checker.name} finds another key"


def find_checker(root):
    """The research folder's checker, where that folder is beside the repository."""
    path = root.parent / "shared" / "tools" / "check_tr34.py"
    if path.exists():
        return path
    print("SKIPPED: ../shared/tools/check_tr34.py is not there; tokens were opened by the project's own reader")
    return None


def export_faults(ipek, root, keys, options, folder):
    """Every form, pass, kind of key and size of receiver's key, signed with keys of each size.

    `exports.make_exportable` has made `bdk-tdes.out` and `bdk-aes.out`.
    """
    folder.mkdir()
    checker = find_checker(root)
    authority, revoked, receivers = make_receivers(folder)
    senders = {size: make_sender(ipek, options, folder, size) for size in SIZES}
    sizes, devices = itertools.cycle(SIZES), itertools.count(1)
    for profile, nonce, receiver, source, is_initial in itertools.product(
        tr34.FORMS, NONCES, SIZES, ("bdk-tdes", "bdk-aes"), (False, True)
    ):
        if source == "bdk-aes" and (receiver < 3072 or len(keys[source]) != 16):
            continue
        is_tdes = source == "bdk-tdes"
        ksn = serial_number(is_tdes, next(devices)) if is_initial else ""
        size = next(sizes)
        sender, list_file = senders[size]
        arguments = [
            "key", "export", f"{source}.out", "--tr34", "--tr34-profile", profile, "--kdh-key", f"kdh-{size}",
            "--krd-certificate", receivers[receiver].certificate_file, "--krd-ca", authority, "--krd-crl", revoked,
            *(["--nonce", nonce] if nonce else []), *(["--kdh-crl", list_file] if profile != "aws2012" else []),
            *(["--dukpt-ksn", ksn] if ksn else []), *options,
        ]  # fmt: skip
        text = ipek(*arguments)
        key = keys[source] if not ksn else (reference.tdes_initial_key if is_tdes else reference.aes_initial_key)(keys[source], ksn)
        header = ("B1" if ksn else "B0") + ("T" if is_tdes else "A") + "X00" + ("N" if ksn else "E")
        label = f"{profile}, nonce {nonce or 'none'}, RSA-{receiver} from RSA-{size}, {source} {ksn}"
        if text != text.upper() or not text.endswith("\n"):
            yield f"{label}: not one line of upper-case hexadecimal"
        faults = token_faults(
            bytes.fromhex(text), profile, sender, receivers[receiver], key, header, nonce, folder, checker
        )
        yield from (f"{label}: {fault}" for fault in faults)


def serial_number(is_tdes, device):
    """A device that no other case has: a serial number is given out once."""
    return f"{int(exports.KSN, 16) + (device << 21):020X}" if is_tdes else f"{int(exports.KEY_ID, 16) + device:016X}"


def make_sender(ipek, options, folder, size):
    """A signing key of this size in the site, its certificate and the list of the site's own authority."""
    label = f"kdh-{size}"
    ipek("key", "generate", label, "--usage", "sign", "--algorithm", f"rsa-{size}", *options)
    sender = read_sender(folder, label, ipek("certificate", "show", label, *options))
    list_file = folder / f"{label}.crl"
    list_file.write_text(ipek("certificate", "show", label, "--crl", *options), encoding="ascii")
    return sender, list_file
