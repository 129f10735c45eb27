"""Opens TR-34 tokens with asn1crypto and cryptography alone: an independent reading of the format.

Written from the descriptions of RFC 5652 and X9 TR-34 and not from the Swift sources, so that a common mistake is
unlikely. Everything that the four wire forms have in common is checked the same way; `FORMS` says where they differ.
"""

import datetime
import hashlib
from dataclasses import dataclass, field

from asn1crypto import cms, core
from asn1crypto import parser as asn1
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL, UTC_TIME = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05, 0x17
SHA256 = "2.16.840.1.101.3.4.2.1"
DATA, SIGNED_DATA, ENVELOPED_DATA = (f"1.2.840.113549.1.7.{number}" for number in (1, 2, 3))
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME = (f"1.2.840.113549.1.9.{number}" for number in (3, 4, 5))
NONCE = "1.2.840.113549.1.9.25.3"
RSA, OAEP, MGF1, LABEL = (f"1.2.840.113549.1.1.{number}" for number in (1, 7, 8, 9))
CIPHERS = {"1.2.840.113549.3.7": (TripleDES, 24, 8), "2.16.840.1.101.3.4.1.2": (algorithms.AES, 16, 16)}


@dataclass
class Form:
    """Where one wire form differs from the others."""

    version: int
    envelope_has_sequence: bool
    content_is_inside_algorithm: bool
    parameters_are_tagged: bool
    attributes_are_sorted: bool


FORMS = {
    "aws2012": Form(1, False, True, False, False),
    "x9-2012": Form(1, True, True, False, False),
    "x9-2019": Form(1, True, False, False, False),
    "cms": Form(3, True, False, True, True),
}


class Refused(Exception):
    """Why a token is not what it should be."""


def require(condition, why):
    if not condition:
        raise Refused(why)


@dataclass
class Node:
    """One DER value."""

    tag: int
    content: bytes
    raw: bytes
    children: list = field(default_factory=list)

    def expect(self, tag, count=None):
        require(self.tag == tag, f"expected tag {tag:02X}, found {self.tag:02X}")
        require(count is None or len(self.children) == count, f"expected {count} elements, found {len(self.children)}")
        return self.children if self.children or not self.content else self.content

    def oid(self):
        require(self.tag == OID, f"expected an object identifier, found tag {self.tag:02X}")
        return core.ObjectIdentifier.load(self.raw, strict=True).dotted

    def number(self):
        require(self.tag == INTEGER, f"expected an integer, found tag {self.tag:02X}")
        return core.Integer.load(self.raw, strict=True).native


def values(data):
    """The DER values that stand one behind the other in `data`, in their shortest form and to the last byte."""
    nodes = []
    while data:
        used = asn1.peek(data)
        raw = data[:used]
        kind, method, number, header, content, _ = asn1.parse(raw, strict=True)
        require(asn1.emit(kind, method, number, content) == raw, "not in DER's own form")
        nodes.append(Node(header[0], content, raw, values(content) if method else []))
        data = data[used:]
    return nodes


def only(data):
    nodes = values(data)
    require(len(nodes) == 1, f"expected one value, found {len(nodes)}")
    return nodes[0]


@dataclass
class Token:
    """What was found in a token."""

    key: bytes = b""
    header: str = ""
    nonce: bytes = b""
    signing_time: datetime.datetime = None
    revocation_lists: list = field(default_factory=list)
    cipher: str = ""


def issuer_and_serial_number(certificate_der):
    certificate = asn1_x509.Certificate.load(certificate_der, strict=True)["tbs_certificate"]
    return asn1.emit(0, 1, 16, certificate["issuer"].dump() + certificate["serial_number"].dump())


def open_token(der, profile, sender, receiver, receiver_key):
    """The contents of a token in one wire form; `sender` and `receiver` are cryptography's certificates."""
    form = FORMS[profile]
    token = Token()
    names = [issuer_and_serial_number(certificate) for certificate in (dump(sender), dump(receiver))]
    if profile == "cms":
        check_strict(der)
    kind, content = only(der).expect(SEQUENCE, 2)
    require(kind.oid() == SIGNED_DATA, "not signed data")
    parts = list(content.expect(0xA0, 1)[0].expect(SEQUENCE))
    version, algorithms_used, encapsulated = parts[:3]
    require(version.number() == form.version, f"signed data of version {version.number()}")
    require(algorithms_used.raw.hex() == "310d300b0609608648016503040201", "not SHA-256, or with parameters")
    require(len(parts) == 4 or (len(parts) == 5 and parts[3].tag == 0xA1), "more in signed data than lists and a signer")
    if len(parts) == 5:
        token.revocation_lists = [node.raw for node in parts[3].children]
    kind, octets = encapsulated.expect(SEQUENCE, 2)
    require(kind.oid() == ENVELOPED_DATA, "the content is no envelope")
    envelope = octets.expect(0xA0, 1)[0].expect(OCTETS)
    signer = parts[-1].expect(SET, 1)[0]
    check_signer(signer, envelope, form, sender, names[0], token)
    open_envelope(envelope, form, names, receiver_key, token)
    return token


def dump(certificate):
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def check_strict(der):
    """asn1crypto's own definitions of CMS, to the last field, and written again."""
    info = cms.ContentInfo.load(der, strict=True)
    inner = cms.EnvelopedData.load(info["content"]["encap_content_info"]["content"].contents, strict=True)
    require(info["content"].native and inner.native, "not CMS")
    require(info.dump(force=True) == der, "CMS that is not written in DER")


def check_signer(signer, envelope, form, sender, name, token):
    version, sid, digest, attributes, algorithm, signature = signer.expect(SEQUENCE, 6)
    require(version.number() == 1, "signer of another version")
    require(sid.raw == name, "signed by another certificate's key")
    require(digest.expect(SEQUENCE, 1)[0].oid() == SHA256, "not SHA-256")
    kind, null = algorithm.expect(SEQUENCE, 2)
    require((kind.oid(), null.raw) == (RSA, b"\x05\x00"), "not RSA")
    require(attributes.tag == 0xA0, "no signed attributes")
    sender.public_key().verify(
        signature.expect(OCTETS), b"\x31" + attributes.raw[1:], rsa_padding.PKCS1v15(), hashes.SHA256()
    )
    found = {}
    for attribute in attributes.children:
        kind, values_of = attribute.expect(SEQUENCE, 2)
        require(kind.oid() not in found, "an attribute twice")
        found[kind.oid()] = values_of.expect(SET, 1)[0]
    freshness = NONCE if NONCE in found else SIGNING_TIME
    expected = [CONTENT_TYPE, freshness, DATA, MESSAGE_DIGEST]
    require(sorted(found) == sorted(expected), f"attributes {list(found)}")
    raw = [attribute.raw for attribute in attributes.children]
    in_order = raw == sorted(raw) if form.attributes_are_sorted else list(found) == expected
    require(in_order, f"attributes in another order: {list(found)}")
    require(found[CONTENT_TYPE].oid() == ENVELOPED_DATA, "the signed content type is no envelope")
    require(found[MESSAGE_DIGEST].expect(OCTETS) == hashlib.sha256(envelope).digest(), "another content was signed")
    token.header = found[DATA].expect(OCTETS).decode("ascii")
    if freshness == NONCE:
        token.nonce = found[NONCE].expect(OCTETS)
    else:
        require(found[SIGNING_TIME].tag == UTC_TIME, "no UTCTime")
        token.signing_time = core.UTCTime.load(found[SIGNING_TIME].raw, strict=True).native


def open_envelope(envelope, form, names, receiver_key, token):
    parts = only(envelope).expect(SEQUENCE, 3) if form.envelope_has_sequence else values(envelope)
    require(len(parts) == 3 and parts[0].number() == 0, "an envelope of another version")
    version, rid, algorithm, encrypted_key = parts[1].expect(SET, 1)[0].expect(SEQUENCE, 4)
    require(version.number() == 0 and rid.raw == names[1], "for another receiver")
    check_oaep(algorithm, form)
    vector, ciphertext = encrypted_content(parts[2], form, token)
    content_key = receiver_key.decrypt(
        encrypted_key.expect(OCTETS), rsa_padding.OAEP(rsa_padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    )
    cipher, key_size, block_size = CIPHERS[token.cipher]
    require(len(content_key) == key_size and len(vector) == block_size, "a content key or vector of another length")
    if key_size == 24:
        require(len({content_key[:8], content_key[8:16], content_key[16:]}) == 3, "a content key that repeats")
    decryptor = Cipher(cipher(content_key), modes.CBC(vector)).decryptor()
    unpadder = padding.PKCS7(8 * block_size).unpadder()
    clear = unpadder.update(decryptor.update(ciphertext) + decryptor.finalize()) + unpadder.finalize()
    version, sender, key, header = only(clear).expect(SEQUENCE, 4)
    require(version.number() == 1 and sender.raw == names[0], "a key block of another version or sender")
    kind, text = header.expect(SEQUENCE, 2)
    require(kind.oid() == DATA, "the header beside the key has another type")
    require(text.expect(SET, 1)[0].expect(OCTETS).decode("ascii") == token.header, "two different headers")
    token.key = key.expect(OCTETS)


def check_oaep(algorithm, form):
    kind, parameters = algorithm.expect(SEQUENCE, 2)
    require(kind.oid() == OAEP, "not RSAES-OAEP")
    if form.parameters_are_tagged:
        tagged_hash, tagged_mask = parameters.expect(SEQUENCE, 2)
        found = [tagged_hash.expect(0xA0, 1)[0], tagged_mask.expect(0xA1, 1)[0]]
    else:
        hash_used, mask, label = parameters.expect(SEQUENCE, 3)
        found = [hash_used, mask]
        kind, empty = label.expect(SEQUENCE, 2)
        require((kind.oid(), empty.raw) == (LABEL, b"\x04\x00"), "a label")
    kind, mask_hash = found[1].expect(SEQUENCE, 2)
    require(kind.oid() == MGF1, "not MGF1")
    # The mask's hash has its NULL in CMS only.
    with_null = found[0], *([mask_hash] if form.parameters_are_tagged else [])
    require(all(node.raw.hex() == "300d06096086480165030402010500" for node in with_null), "not SHA-256 with NULL")
    require(mask_hash.children[0].oid() == SHA256, "not MGF1 with SHA-256")
    require(form.parameters_are_tagged or len(mask_hash.children) == 1, "MGF1 with parameters of its hash")


def encrypted_content(node, form, token):
    if form.content_is_inside_algorithm:
        kind, algorithm = node.expect(SEQUENCE, 2)
        cipher, vector, content = algorithm.expect(SEQUENCE, 3)
    else:
        kind, algorithm, content = node.expect(SEQUENCE, 3)
        cipher, vector = algorithm.expect(SEQUENCE, 2)
    require(kind.oid() == DATA and content.tag == 0x80, "no encrypted data")
    token.cipher = cipher.oid()
    require(token.cipher in CIPHERS, f"another cipher, {token.cipher}")
    return vector.expect(OCTETS), content.content


def self_test_faults(folder):
    """The reading above against published known answers, before anything is judged by it."""
    import json

    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pki = folder / "pki"
    sender = x509.load_pem_x509_certificate((pki / "kdh.crt").read_bytes())
    for row in json.loads((folder / "index.json").read_text(encoding="utf-8"))["accept"]:
        if row["profile"] not in FORMS or "aes256" in row["file"] or "extra" in row["file"]:
            continue
        receiver = x509.load_pem_x509_certificate((pki / f"{row['krd']}.crt").read_bytes())
        key = load_pem_private_key((pki / f"{row['krd']}.key").read_bytes(), None)
        try:
            token = open_token((folder / row["file"]).read_bytes(), row["profile"], sender, receiver, key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault of this token
            yield f"{row['file']}: {error!r}"
            continue
        if (token.key.hex().upper(), token.header) != (row["clear_key"], row["header"]):
            yield f"{row['file']}: found {token.header}"
