"""Tells a browser something by way of its push service: RFC 8030, its content closed by RFC 8291, signed by RFC 8292.

The push service learns when which browser is told, and never what.
"""

import asyncio
import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpcore
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldapp.integrations.outside import FAILURES, NotPublic, pool

CURVE = ec.SECP256R1()
SECONDS = 10
KEPT_SECONDS = 12 * 3600
"""How long a push service keeps what it cannot deliver: longer, and the news is old."""

RECORD_BYTES, SIGNED_HOURS = 4096, 12
MAX_CONTENT = 3000


class Outcome(StrEnum):
    """`gone`: this browser will never be told anything again; `refused`: the push service will not take this one."""

    DELIVERED = "delivered"
    GONE = "gone"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Address:
    """Where a browser is told, as it said itself."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class Sender:
    """Who signs: this server's key, and whom a push service may write to."""

    key: str
    contact: str


def new_key() -> str:
    """A signing key as it is stored: 32 bytes in base64url."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return _coded(number.to_bytes(32, "big"))


def public_key(key: str) -> str:
    """What a browser is given to let in nobody else."""
    return _coded(_point(_private(key)))


def is_address(address: Address) -> bool:
    """Whether the keys are what a browser makes: a point of the curve, and sixteen bytes."""
    try:
        point, secret = _bytes(address.p256dh), _bytes(address.auth)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return len(point) == 65 and len(secret) == 16


def closed(
    content: bytes, address: Address, *, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes = b""
) -> bytes:
    """The content as only this browser can open it: one record of aes128gcm, with a key and salt made for it."""
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs, ours = _bytes(address.p256dh), _point(own)
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    seed = _derived(shared, _bytes(address.auth), b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(seed, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(seed, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, content + b"\x02", None)


def authorization(sender: Sender, endpoint: str, now: datetime) -> str:
    """The header by which the push service knows that the browser let this server in."""
    parts = urlsplit(endpoint)
    until = int((now + timedelta(hours=SIGNED_HOURS)).timestamp())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": until, "sub": sender.contact}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    signature = _private(sender.key).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))
    halves = b"".join(half.to_bytes(32, "big") for half in decode_dss_signature(signature))
    return f"vapid t={signed}.{_coded(halves)}, k={public_key(sender.key)}"


async def tell(
    sender: Sender, address: Address, content: bytes, topic: str, now: datetime
) -> tuple[Outcome, timedelta | None]:
    """Hands the content to the push service; with `later`, how long it asks to be left alone. Raises nothing.

    What waits there under the same topic is replaced.
    """
    assert len(content) <= MAX_CONTENT
    headers = {
        "Authorization": authorization(sender, address.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_SECONDS),
        "Topic": topic,
    }
    try:
        async with asyncio.timeout(SECONDS), pool() as opened:
            body = closed(content, address)
            async with opened.stream("POST", address.endpoint, headers=_lines(headers), content=body) as answer:
                return _outcome(answer)
    except FAILURES:
        return Outcome.LATER, None
    except (NotPublic, ValueError, httpcore.UnsupportedProtocol):
        return Outcome.REFUSED, None


def _outcome(answer: httpcore.Response) -> tuple[Outcome, timedelta | None]:
    """Whatever the body says is not read."""
    if 200 <= answer.status < 300:
        return Outcome.DELIVERED, None
    if answer.status in (404, 410):
        return Outcome.GONE, None
    if answer.status in (408, 429) or answer.status >= 500:
        given = next((value for name, value in answer.headers if name.lower() == b"retry-after"), b"")
        return Outcome.LATER, timedelta(seconds=int(given)) if given.isdigit() and len(given) < 7 else None
    return Outcome.REFUSED, None


def _lines(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _private(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(_bytes(key), "big"), CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(value: dict[str, Any]) -> str:
    return _coded(json.dumps(value, separators=(",", ":")).encode())


def _coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
