"""Closes what leaves the house, in the age format: the server knows public keys only and cannot open it again."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyrage
from pyrage import x25519  # pyright: ignore[reportMissingModuleSource]

from fieldapp.problems import Problem

PLAIN = "plain"


@dataclass(frozen=True)
class Seal:
    """Closes for every one of these public keys; for none of them, it leaves all open."""

    recipients: tuple[str, ...] = ()

    @cached_property
    def _keys(self) -> list[x25519.Recipient]:
        try:
            return [x25519.Recipient.from_str(key) for key in self.recipients]
        except pyrage.RecipientError:
            raise Problem("backup_key_wrong") from None

    @property
    def mark(self) -> str:
        """Tells one choice of keys from another."""
        return hashlib.sha256(" ".join(self.recipients).encode()).hexdigest()[:12] if self.recipients else PLAIN

    def close(self, content: bytes) -> bytes:
        """Raises `backup_key_wrong` where a key is none."""
        return pyrage.encrypt(content, self._keys) if self.recipients else content


@dataclass(frozen=True)
class Opener:
    """Opens with secret keys; for none of them, only what was never closed."""

    keys: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def _identities(self) -> list[x25519.Identity]:
        try:
            return [x25519.Identity.from_str(key) for key in self.keys]
        except pyrage.IdentityError:
            raise Problem("backup_key_wrong") from None

    def open(self, content: bytes, mark: str) -> bytes:
        """Raises `backup_key_wrong` where no key fits, or where the content was altered."""
        if mark == PLAIN:
            return content
        try:
            return pyrage.decrypt(content, self._identities)
        except (pyrage.DecryptError, OSError):
            raise Problem("backup_key_wrong") from None


def read_seal(setting: str) -> Seal:
    """Public keys as the setting names them, parted by spaces or commas. Raises `backup_key_wrong`."""
    seal = Seal(tuple(sorted(set(setting.replace(",", " ").split()))))
    seal.close(b"")
    return seal


def read_key_file(path: Path | None) -> Opener:
    """Secret keys of a file, one a line, as `age-keygen` writes them. Raises `backup_key_wrong`."""
    if path is None:
        return Opener()
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Problem("backup_key_wrong") from None
    opener = Opener(tuple(line.strip() for line in lines if line.strip() and not line.startswith("#")))
    if not opener._identities:
        raise Problem("backup_key_wrong")
    return opener


def make_key() -> tuple[str, str]:
    """A new pair: what the server is given, and what opens its backups."""
    secret = x25519.Identity.generate()
    return str(secret.to_public()), str(secret)
