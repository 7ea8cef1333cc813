"""What a phone behind a PIN keeps closed, opened with the phone's own key, which came closed for the server.

ChaCha20-Poly1305: a nonce, the closed content with its tag; the name that it is kept under is authenticated with it.
"""

import base64
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from fieldapp.integrations.rescue_seal import RescueKey
from fieldapp.problems import Problem

NONCE, TAG, KEY = 12, 16, 32
BOX_BYTES = NONCE + TAG
"""How much longer a box is than what is in it."""


class PhoneKey:
    """The key of one person's storage on one phone."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = ChaCha20Poly1305(secret)

    @classmethod
    def read(cls, server: RescueKey | None, sealed: str) -> "PhoneKey":
        """Opens what the phone sends of its key. Raises `rescue_key_wrong`, `rescue_broken`."""
        if server is None:
            raise Problem("rescue_key_wrong")
        secret = server.open(_bytes(sealed))
        if len(secret) != KEY:
            raise Problem("rescue_broken")
        return cls(secret)

    def open(self, box: bytes, name: str) -> bytes:
        """Raises `rescue_broken`."""
        try:
            return self._cipher.decrypt(box[:NONCE], box[NONCE:], name.encode())
        except (ValueError, InvalidTag):
            raise Problem("rescue_broken") from None

    def open_records(self, raw_records: list[Any]) -> list[Any]:
        """Records with their payload in the place of the box. One that does not open stays as it came, and its box
        makes it `invalid`: it holds no other back."""
        return [self._opened(raw) if isinstance(raw, dict) and "box" in raw else raw for raw in raw_records]

    def _opened(self, raw: dict[str, Any]) -> dict[str, Any]:
        try:
            payload = json.loads(self.open(_bytes(raw["box"]), str(raw.get("id"))))
        except (Problem, ValueError, RecursionError):
            return raw
        return {name: value for name, value in raw.items() if name != "box"} | {"payload": payload}


def _bytes(written: Any) -> bytes:
    try:
        return base64.b64decode(written, validate=True)
    except (ValueError, TypeError):
        raise Problem("rescue_broken") from None
