"""What an overview is asked for, as its address says it: a view that is sent shows the same to whoever may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fieldapp.domain.day_range import DayRange, Preset, given_range, named_range
from fieldapp.domain.given import Key, PlainText
from fieldapp.domain.search_key import fold
from fieldapp.pages.desk.overview_view import UnitLine
from fieldapp.problems import Problem
from fieldapp.reports.visit_filter import Chosen
from models.unit import Region

HERE = "/desk/"
PAGE = 50
BY_DAY = (Preset.TODAY, Preset.WEEK)
"""Ranges that a province cannot be asked for: it is counted by half-month."""

GROUPS = ("urban", "lowland", "mountain", "island", "large", "middle", "small", "other")
SORTS = {
    "name": lambda line: fold(line.name),
    "approved": lambda line: line.counts.approved,
    "waiting": lambda line: line.counts.waiting,
    "returned": lambda line: line.counts.returned,
    "households": lambda line: line.households.approved,
    "previous": lambda line: line.previous,
    "rank": lambda line: (line.rank == 0, GROUPS.index(line.group), line.rank, fold(line.name)),
}
SortKey = Literal["name", "approved", "waiting", "returned", "households", "previous", "rank"]
Look = Literal["table", "map"]


class Asked(BaseModel):
    """`unit` is None for one's own, the days are None for this month; `turned` is the other way round than usual."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    unit: Annotated[Key | None, Chosen] = None
    first: Annotated[date | None, Chosen] = None
    last: Annotated[date | None, Chosen] = None
    sort: SortKey = "name"
    turned: bool = False
    page: int = Field(default=0, ge=0, le=1000)
    look: Look = "table"
    region: Annotated[Region | None, Chosen] = None
    find: PlainText = Field(default="", max_length=80)

    def days(self, today: date) -> DayRange:
        """Raises `invalid` for days that are no range."""
        month = named_range(Preset.MONTH, today)
        return given_range(self.first, self.last) if self.first and self.last else month

    def address(self, **changes: Any) -> str:
        """Of this view with these changes; what is as usual is left out."""
        asked = self.model_copy(update=changes)
        kept = {
            name: str(value) if name != "turned" else "1"
            for name, value in asked
            if value != type(asked).model_fields[name].default
        }
        return HERE + "?" + urlencode(kept)

    def inside(self) -> str:
        """What follows the id of another unit in an address of the same days."""
        return "&" + urlencode({"first": self.first, "last": self.last})

    def in_order(self, lines: list[UnitLine]) -> list[UnitLine]:
        """Those that the filters let through. What is alike stands by name."""
        words = fold(self.find).split()
        found = [
            line
            for line in lines
            if self.region in (None, line.region) and all(word in fold(line.name) for word in words)
        ]
        found.sort(key=SORTS["name"])
        return sorted(found, key=SORTS[self.sort], reverse=self.reversed)

    @property
    def reversed(self) -> bool:
        """Names go up and numbers down, unless turned; ranks always from the first."""
        return self.sort != "rank" and self.turned == (self.sort == "name")


def read_address(given: Mapping[str, Any]) -> Asked:
    """Raises `invalid` with the word of the address that is wrong."""
    try:
        return Asked.model_validate(dict(given))
    except ValidationError as error:
        raise Problem("invalid", ".".join(map(str, error.errors()[0]["loc"])) or None) from None


@dataclass
class Way:
    """A choice of the page, as a link: `here` where it is what is shown."""

    code: str = ""
    address: str = ""
    here: bool = False


def ranges(asked: Asked, today: date, of_province: bool) -> list[Way]:
    """The usual ranges; the days of a link stay as they are, whenever it is opened."""
    named = {p: named_range(p, today) for p in Preset if not (of_province and p in BY_DAY)}
    shown = asked.days(today)
    return [Way(str(p), asked.address(first=d.first, last=d.last, page=0), d == shown) for p, d in named.items()]


def looks(asked: Asked) -> list[Way]:
    return [Way(look, asked.address(look=look, page=0), asked.look == look) for look in ("table", "map")]


def regions(asked: Asked) -> list[Way]:
    return [
        Way(str(region or "all"), asked.address(region=region, page=0), asked.region == region)
        for region in (None, Region.EAST, Region.WEST)
    ]
