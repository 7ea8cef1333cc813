"""A push service and a browser behind it: takes what the product sends, opens it with the browser's own keys."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import urandom
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldapp.integrations import outside
from fieldapp.integrations.web_push import Address

CURVE = ec.SECP256R1()


def coded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscription, with the secret that never leaves a browser."""

    endpoint: str
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: urandom(16))

    @property
    def point(self) -> bytes:
        return self.secret.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def address(self) -> Address:
        return Address(self.endpoint, coded(self.point), coded(self.auth))

    def open(self, body: bytes) -> bytes:
        """RFC 8291 and RFC 8188, from the receiving end."""
        salt, length = body[:16], body[20]
        theirs, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.secret.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))

        def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        seed = derive(shared, self.auth, b"WebPush: info\x00" + self.point + theirs, 32)
        key = derive(seed, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = derive(seed, salt, b"Content-Encoding: nonce\x00", 12)
        content = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert content.endswith(b"\x02")
        return content[:-1]


@dataclass
class Arrival:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """What came in, in order. `answers` says what is told to whom: by path, 201 unless it says otherwise."""

    origin: str
    arrivals: list[Arrival] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)

    def browser(self, path: str) -> Browser:
        return Browser(self.origin + path)

    def heard(self, browser: Browser) -> list[dict[str, Any]]:
        """What this browser was told, opened."""
        mine = [a for a in self.arrivals if self.origin + a.path == browser.endpoint]
        return [json.loads(browser.open(arrival.body)) for arrival in mine]


@contextmanager
def push_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A running one, on this machine: the product is told that this address is public too."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.arrivals.append(Arrival(self.path, headers, body))
            status, more = service.answers.get(self.path, (201, {}))
            self.send_response(status)
            for name, value in {**more, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = PushService(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setattr(outside, "is_public", lambda address: address == "127.0.0.1")
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


def signed_by(header: str) -> tuple[str, dict[str, Any]]:
    """Whose key signed this `Authorization`, and what it claims; raises where the signature is wrong."""
    scheme, _, rest = header.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    head, claims, signature = parts["t"].split(".")
    raw = decoded(signature)
    assert json.loads(decoded(head)) == {"typ": "JWT", "alg": "ES256"}
    whole = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(parts["k"]))
    key.verify(whole, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return parts["k"], json.loads(decoded(claims))
