"""Closes small secrets that the database keeps, so that its rows alone do not tell them (docs/decisions/0030)."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class SecretSeal:
    """AES-256-GCM under a key worked out from `secret`; a text that is closed for one purpose opens for no other."""

    def __init__(self, secret: str) -> None:
        self._key = AESGCM(HKDF(SHA256(), 32, salt=None, info=b"toso-secret-1").derive(secret.encode()))

    def close(self, text: str, purpose: str) -> str:
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._key.encrypt(nonce, text.encode(), purpose.encode())).decode()

    def open(self, closed: str, purpose: str) -> str | None:
        """None where another key closed it, or it was altered."""
        content = base64.b64decode(closed)
        try:
            return self._key.decrypt(content[:NONCE], content[NONCE:], purpose.encode()).decode()
        except InvalidTag:
            return None
