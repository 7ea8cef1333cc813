"""A calendar of whole days as RFC 5545 writes it: lines that end in CRLF, folded at 75 octets, texts escaped.

Whole days belong to no time zone, so no phone moves a deadline; the same days are the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD = 75
"""Octets of a line, its end not among them."""

LOOK_AGAIN = "PT6H"
_DAY = timedelta(days=1)
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class DayEvent:
    """`uid` stays when the day moves, so that calendars move it too; `known_since` is when this day was last set."""

    uid: str
    day: date
    title: str
    text: str
    known_since: datetime
    link: str = ""


def calendar(name: str, product: str, events: Sequence[DayEvent]) -> bytes:
    """The whole file, its events by day."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{escaped(product)}//VI",
        "CALSCALE:GREGORIAN",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{LOOK_AGAIN}",
        f"X-PUBLISHED-TTL:{LOOK_AGAIN}",
    ]
    for one in sorted(events, key=lambda event: (event.day, event.uid)):
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(f"{line}\r\n" for line in _folded(lines)).encode()


def _event(one: DayEvent) -> list[str]:
    """Its end is the day after, which is no part of it. Nobody is busy because of it."""
    known_since = f"{one.known_since.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    link = [f"URL:{one.link}"] if one.link else []
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{known_since}",
        f"LAST-MODIFIED:{known_since}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + _DAY:%Y%m%d}",
        f"SUMMARY:{escaped(one.title)}",
        f"DESCRIPTION:{escaped(one.text)}",
        *link,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text value; signs that no line may hold are left out."""
    return "".join(sign for sign in text.translate(_ESCAPES) if sign >= " " or sign == "\t")


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Each line in pieces of at most 75 octets, the later ones after a space; no letter is torn."""
    for line in lines:
        piece, size = "", 0
        for sign in line:
            octets = len(sign.encode())
            if size + octets > FOLD:
                yield piece
                piece, size = " ", 1
            piece, size = piece + sign, size + octets
        yield piece
