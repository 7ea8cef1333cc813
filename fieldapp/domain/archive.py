"""The form of a backup: rows as lines of text that no database put its stamp on, and a manifest that proves them.

A line is a JSON list in the order of its table's columns; the manifest names the columns, each with its kind.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from fieldapp.problems import Problem

FORMAT = "toso-backup-1"
MANIFEST = "manifest.json"
PHOTO_LIST = "photos.gz"


class Kind(StrEnum):
    """What a column holds, in words that outlive a database."""

    TEXT = "text"
    NUMBER = "number"
    FRACTION = "fraction"
    TRUTH = "truth"
    INSTANT = "instant"
    DAY = "day"
    ID = "id"
    JSON = "json"
    BYTES = "bytes"


class Column(BaseModel):
    name: str
    kind: Kind


class TableForm(BaseModel):
    """A table as it was saved; `selfward` are its columns that point to rows of the same table."""

    name: str
    columns: list[Column]
    selfward: list[str] = []
    rows: int = 0


class Part(BaseModel):
    """A file of a backup: some rows of one table, or the list of photos."""

    name: str
    table: str
    rows: int
    bytes: int
    sha256: str


class Manifest(BaseModel):
    """All of a backup in one page. It holds no personal data and is read without a key."""

    format: str = FORMAT
    made_at: datetime
    revision: str
    """The newest migration that the database had seen."""
    epoch: str
    seal: str
    """Which key closes it (`integrations.sealing`), or `plain`."""
    erasures: int = 0
    tables: list[TableForm] = []
    parts: list[Part] = []


def write_manifest(manifest: Manifest) -> bytes:
    """The manifest with its own checksum."""
    content = manifest.model_dump(mode="json")
    return json.dumps({"sha256": _checksum(content), "manifest": content}, indent=1).encode()


def read_manifest(written: bytes) -> Manifest:
    """Raises `backup_foreign` for what is none of ours, `backup_damaged` where its checksum is wrong."""
    try:
        page = json.loads(written)
        content, sha256 = page["manifest"], page["sha256"]
        form = content["format"]
    except (ValueError, LookupError, TypeError):
        raise Problem("backup_foreign") from None
    if sha256 != _checksum(content):
        raise Problem("backup_damaged", part=MANIFEST)
    if form != FORMAT:
        raise Problem("backup_newer" if str(form).startswith("toso-backup-") else "backup_foreign")
    try:
        return Manifest.model_validate(content)
    except ValidationError:
        raise Problem("backup_foreign") from None


def _checksum(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_row(kinds: Sequence[Kind], row: Sequence[Any]) -> bytes:
    """One line, with its end."""
    values = [None if value is None else _plain(kind, value) for kind, value in zip(kinds, row, strict=True)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_rows(form: TableForm, content: bytes) -> Iterator[dict[str, Any]]:
    """The rows of a part's content by column. Raises `ValueError` where the lines do not fit the table."""
    for line in content.splitlines():
        values = json.loads(line)
        pairs = zip(form.columns, values, strict=True)
        yield {column.name: None if value is None else _rich(column.kind, value) for column, value in pairs}


def _plain(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.INSTANT:
            return value.astimezone(UTC).isoformat()
        case Kind.DAY:
            return value.isoformat()
        case Kind.ID | Kind.TEXT:
            return str(value)
        case Kind.BYTES:
            return base64.b64encode(value).decode()
        case _:
            return value


def _rich(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case Kind.DAY:
            return date.fromisoformat(value)
        case Kind.ID:
            return UUID(value)
        case Kind.BYTES:
            return base64.b64decode(value, validate=True)
        case _:
            return value
