"""Types of what comes in from outside, such that every database can take it: texts without null characters, keys."""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

MAX_KEY = 2**31 - 1

PlainText = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""A text that somebody typed or a program made; its greatest length stands where it is used."""

Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*=*$", max_length=400)]
"""A key as text carries it."""

Key = Annotated[int, Field(ge=1, le=MAX_KEY)]
"""The number of a row."""


def read_key(text: object) -> int | None:
    """The number of a row in an address, or None for whatever else stands there."""
    try:
        return TypeAdapter(Key).validate_python(text)
    except ValidationError:
        return None
