"""The seal of rescue files: what a phone closes with the server's public key, nobody on the way opens (docs/sync.md).

ECDH on P-256 with a key that lives for one file, HKDF-SHA256, AES-256-GCM: what every phone's own WebCrypto has. The
file stands in its order: its mark, which key it is for, the phone's key of this file, the nonce, the closed rest.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldapp.problems import Problem

MARK, OF_OURS = b"toso-rescue-1\n", b"toso-rescue-"
KEY_ID, POINT, NONCE, TAG = 8, 65, 12, 16
HEAD = len(MARK) + KEY_ID + POINT + NONCE
_CURVE = ec.SECP256R1()


@dataclass(frozen=True)
class RescueKey:
    """The server's pair of keys, as the one secret that both are worked out from."""

    secret: int

    @classmethod
    def make(cls) -> "RescueKey":
        return cls(ec.generate_private_key(_CURVE).private_numbers().private_value)

    @classmethod
    def read(cls, written: str) -> "RescueKey":
        return cls(int(written, 16))

    @property
    def written(self) -> str:
        """As it is kept."""
        return f"{self.secret:064x}"

    @cached_property
    def _private(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(self.secret, _CURVE)

    @cached_property
    def _point(self) -> bytes:
        return self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def public(self) -> str:
        """What phones close with: the uncompressed point, in base64."""
        return base64.b64encode(self._point).decode()

    def proof_of(self, member_id: int, device_id: UUID) -> str:
        """What only this member's phone is given: a file that holds it was written there."""
        text = f"toso-rescue-proof {member_id} {device_id}"
        return hmac.new(self.secret.to_bytes(32, "big"), text.encode(), hashlib.sha256).hexdigest()

    def proves(self, proof: str, member_id: int, device_id: UUID) -> bool:
        return hmac.compare_digest(proof.encode(), self.proof_of(member_id, device_id).encode())

    def open(self, file: bytes) -> bytes:
        """Raises `rescue_foreign`, `rescue_newer`, `rescue_key_wrong`, `rescue_broken`."""
        if not file.startswith(OF_OURS):
            raise Problem("rescue_foreign")
        if not file.startswith(MARK):
            raise Problem("rescue_newer")
        if len(file) < HEAD + TAG:
            raise Problem("rescue_broken")
        head = file[:HEAD]
        key_id, point = head[len(MARK) :][:KEY_ID], head[-NONCE - POINT : -NONCE]
        if key_id != hashlib.sha256(self._point).digest()[:KEY_ID]:
            raise Problem("rescue_key_wrong")
        try:
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
            shared = self._private.exchange(ec.ECDH(), theirs)
            key = HKDF(SHA256(), 32, salt=point + self._point, info=MARK).derive(shared)
            return AESGCM(key).decrypt(head[-NONCE:], file[HEAD:], head)
        except (ValueError, InvalidTag):
            raise Problem("rescue_broken") from None
