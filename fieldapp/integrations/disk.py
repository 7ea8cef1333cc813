"""Files that are there whole or not at all, also when the power goes."""

import os
from pathlib import Path
from uuid import uuid4

DRAFT = ".draft"


def write_whole(path: Path, content: bytes) -> None:
    """Writes beside the place, makes it last, then puts it there by its name."""
    draft = path.with_name(f"{uuid4().hex}{DRAFT}")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
