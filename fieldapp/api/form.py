"""Forms that bring a file: their texts as a model, the file whole in memory, both within limits."""

from typing import NamedTuple, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from fieldapp.domain.search_key import nfc
from fieldapp.problems import Problem

Model = TypeVar("Model", bound=BaseModel)
FILE = "file"
SAYS_ITSELF = ("note_identity",)
"""What a validator may say by a name of its own; all else is `invalid`."""


class Brought(NamedTuple):
    """A file as it came: the name is what the sender calls it, and says nothing sure about the content."""

    name: str
    content: bytes


async def read_form(request: Request, model: type[Model], most: int) -> tuple[Model, Brought]:
    """A form whose file must be there, at most so many bytes. Raises as `read_open_form`."""
    form, file = await read_open_form(request, model, most)
    if file is None:
        raise Problem("invalid", FILE)
    return form, file


async def read_open_form(
    request: Request, model: type[Model], most: int, fields: int = 0
) -> tuple[Model, Brought | None]:
    """A form that may come without its file; `fields` where it has more than the model has names, such as ticks.

    Raises `invalid`, `note_identity`, `file_too_large`.
    """
    async with request.form(max_files=1, max_fields=fields or len(model.model_fields) + 2) as given:
        file, texts = given.get(FILE), {name: value for name, value in given.items() if isinstance(value, str)}
        brought = None
        if isinstance(file, UploadFile):
            brought = Brought(nfc(file.filename or ""), await file.read(most + 1))
    if brought is not None and len(brought.content) > most:
        raise Problem("file_too_large", FILE, most=most // 1_000_000)
    try:
        return model.model_validate(texts), brought
    except ValidationError as error:
        raise _problem_of(error) from None


def _problem_of(error: ValidationError) -> Problem:
    first = error.errors()[0]
    said = str(first.get("ctx", {}).get("error", ""))
    return Problem(said if said in SAYS_ITSELF else "invalid", ".".join(map(str, first["loc"])) or None)
