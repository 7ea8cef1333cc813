"""Links to online courses as their form brings them, and a member's word that one was finished."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, StringConstraints

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.material import MAX_TITLE
from fieldapp.domain.note import NoteText
from fieldapp.domain.team_form import Maybe
from fieldapp.domain.visit import Payload

MAX_ADDRESS, MAX_MEANT_FOR, MAX_WORDS = 500, 120, 1000


def is_course_address(address: str) -> bool:
    """Whether a phone may open it: https on a public name, and nobody's password. Nothing here ever asks for it."""
    try:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not re.search(r"[\s\\@<>\"]", address)
        return plain and parts.scheme == "https" and "." in (parts.hostname or "") and parts.port != 0
    except ValueError:
        return False


Words = Annotated[NoteText, StringConstraints(strip_whitespace=True)]


class LinkForm(BaseModel):
    """`material` is the one to put right, else a new one."""

    material: Maybe = None
    title: Words = Field(min_length=1, max_length=MAX_TITLE)
    url: Annotated[PlainText, StringConstraints(strip_whitespace=True, max_length=MAX_ADDRESS)]
    meant_for: Words = Field(default="", max_length=MAX_MEANT_FOR)
    text: Words = Field(default="", max_length=MAX_WORDS)


class CoursePayload(Payload):
    """A member says that they finished it; nobody checks."""

    course: Key
