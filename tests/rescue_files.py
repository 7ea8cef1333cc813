"""Rescue files as a phone writes them: packed, then closed with the server's public key."""

import hashlib
import json
import os
from base64 import b64decode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.integrations.rescue_seal import RescueKey
from fieldapp.services import rescue_keys
from models.device import Device
from models.member import Member
from tests import build, pictures

MARK = b"toso-rescue-1\n"


def pack(head: dict[str, Any], *contents: bytes) -> bytes:
    written = json.dumps(head).encode()
    return len(written).to_bytes(4, "big") + written + b"".join(contents)


def close(public: str, opened: bytes, mark: bytes = MARK) -> bytes:
    point = b64decode(public)
    mine = ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    own_point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = HKDF(SHA256(), 32, salt=own_point + point, info=mark).derive(mine.exchange(ec.ECDH(), theirs))
    head = mark + hashlib.sha256(point).digest()[:8] + own_point + os.urandom(12)
    return head + AESGCM(key).encrypt(head[-12:], opened, head)


async def server_key(db: Database) -> RescueKey:
    async with db.write() as session:
        return await rescue_keys.make_once(session)


async def phone_of(db: Database, member: Member) -> UUID:
    """A phone that the member once joined with."""
    async with db.write() as session:
        phone = Device(id=uuid7(), member_id=member.id, label="Android")
        session.add(phone)
    return phone.id


async def head_of(db: Database, author: Member, *records: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The head of a file with these records that the author's phone wrote just now."""
    key, device = await server_key(db), given.pop("device", None) or await phone_of(db, author)
    default = {"made_at": build.millis(datetime.now(UTC)), "clock_offset": 0, "author": author.id}
    proof = key.proof_of(author.id or 0, device)
    return default | {"device": str(device), "proof": proof, "records": list(records), "photos": []} | given


def photos_of(record: dict[str, Any], *contents: bytes) -> list[dict[str, Any]]:
    return [{"sha256": pictures.sha256(c), "bytes": len(c), "visits": [record["id"]]} for c in contents]


async def file_of(db: Database, author: Member, *records: dict[str, Any], **given: Any) -> bytes:
    contents = given.pop("contents", ())
    head = await head_of(db, author, *records, **given)
    return close((await server_key(db)).public, pack(head, *contents))
