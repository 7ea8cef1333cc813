"""What is said of a contact, and of a commune's common group, as forms bring it."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from fieldapp.domain.given import PlainText
from fieldapp.domain.note import NoteText
from fieldapp.domain.team_form import Maybe
from fieldapp.domain.zalo_group import is_group_link
from models.support_contact import ContactKind
from models.unit import Region

MAX_NAME, MAX_ABOUT, MAX_WRITTEN, MAX_LINK = 120, 120, 30, 200
MOST_CONTACTS, MOST_MEMBERS = 40, 999
_BETWEEN = re.compile(r"[\s.\-()]+")
_NUMBER = re.compile(r"0[0-9]{9,10}|1[0-9]{2,8}")


def read_number(text: str) -> str:
    """A number to call, a mobile or office one or a short one of a hotline, in digits. Raises ValueError."""
    digits = _BETWEEN.sub("", text)
    for abroad in ("+84", "0084"):
        if digits.startswith(abroad):
            digits = "0" + digits.removeprefix(abroad)
    if not (digits.isascii() and _NUMBER.fullmatch(digits)):
        raise ValueError("phone_wrong")
    return digits


def _link(link: str) -> str:
    if link and not is_group_link(link):
        raise ValueError("invalid")
    return link


def _words(most: int, least: int = 0) -> Any:
    return Annotated[NoteText, StringConstraints(strip_whitespace=True, min_length=least, max_length=most)]


Counted = Annotated[int, Field(ge=0, le=MOST_MEMBERS)]


class ContactForm(BaseModel):
    """`contact` is the one to put right, else a new one; `region` is of the province's alone."""

    contact: Maybe = None
    kind: ContactKind
    name: _words(MAX_NAME, 1)  # type: ignore[valid-type]
    about: _words(MAX_ABOUT) = ""  # type: ignore[valid-type]
    phone: Annotated[PlainText, Field(max_length=MAX_WRITTEN), AfterValidator(read_number)]
    zalo: bool = False
    region: Annotated[Region | None, BeforeValidator(lambda given: given or None)] = None


class CommuneGroupForm(BaseModel):
    name: _words(MAX_NAME, 1)  # type: ignore[valid-type]
    link: Annotated[PlainText, Field(max_length=MAX_LINK), AfterValidator(_link)] = ""
    leaders: Counted
    teams: Counted
    companies: Counted
    counted_on: date
