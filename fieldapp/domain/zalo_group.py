"""What may be said of a village's Zalo group. `group-link.js` has the same rule for its link."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from pydantic import Field, field_validator

from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.note import NoteText, holds_identity
from fieldapp.domain.visit import Payload
from models.zalo_group import GroupManager

MAX_HOUSEHOLDS = 9999
_LINK = re.compile(r"https://zalo\.me/[A-Za-z0-9_\-./?=&%]{1,180}")


def is_group_link(link: str) -> bool:
    """Whether it leads to Zalo, and to no person: a link to one of these holds their telephone number."""
    return bool(_LINK.fullmatch(link)) and not holds_identity(link)


def speakers(village: int, said: Collection[int], before: Mapping[int, Iterable[int]]) -> list[int]:
    """Whose words on a group count for a village: its own or, where there is none yet, those of all that it continues.

    `said` are the villages of whose groups something was said, `before` by village those that it continues.
    """
    if village in said:
        return [village]
    return sorted({one for earlier in before.get(village, ()) for one in speakers(earlier, said, before)})


class GroupPayload(Payload):
    village: Key
    name: NoteText = Field(min_length=1, max_length=120)
    link: PlainText | None = Field(default=None, max_length=200)
    manager: GroupManager
    households: int = Field(ge=0, le=MAX_HOUSEHOLDS)
    counted_on: date

    @field_validator("link")
    @classmethod
    def _to_a_group(cls, link: str | None) -> str | None:
        if link is not None and not is_group_link(link):
            raise ValueError("invalid")
        return link
