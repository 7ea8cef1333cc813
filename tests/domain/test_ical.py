"""Calendars hold to RFC 5545, whatever stands in a title."""

import re
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.ical import DayEvent, calendar, escaped

AT = datetime(2026, 8, 1, 17, 30, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
NAMED = re.compile(r"^[A-Z-]+(;[A-Z]+=[A-Z]+)*:")


def event(**given: object) -> DayEvent:
    usual = {"uid": "period-1-village-2@toso.example.vn", "day": date(2026, 8, 18), "title": "Hạn", "text": "Kỳ"}
    return DayEvent(**(usual | {"known_since": AT} | given))  # type: ignore[arg-type]


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def read(text: str) -> str:
    """A text value as a calendar reads it."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


@given(TEXTS, TEXTS)
def test_every_text_comes_through_and_no_line_is_too_long(title: str, text: str) -> None:
    content = calendar("Hạn báo cáo", "Tổ Số", [event(title=title, text=text)])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    lines = unfolded(content)
    assert all(NAMED.match(line) for line in lines)
    said = {line.split(":", 1)[0]: line.split(":", 1)[1] for line in lines}
    for name, meant in (("SUMMARY", title), ("DESCRIPTION", text)):
        printable = "".join(sign for sign in meant if sign >= " " or sign in "\t\n")
        assert read(said[name]) == printable
        assert not re.search(r"(?<!\\)(\\\\)*[;,]", said[name])


def test_a_day_is_a_whole_day_in_every_zone_and_the_same_days_are_the_same_bytes() -> None:
    events = [event(uid="b"), event(uid="a", day=date(2026, 12, 31), link="https://toso.example.vn/desk/reports/")]
    content = calendar("Hạn báo cáo Xã Ba Tơ", "Tổ Số", events)
    assert content == calendar("Hạn báo cáo Xã Ba Tơ", "Tổ Số", events[::-1])
    lines = unfolded(content)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert lines.count("VERSION:2.0") == sum(line.startswith("PRODID:") for line in lines) == 1
    begin = lines.index("UID:a")
    assert lines[begin : begin + 5] == [
        "UID:a", "DTSTAMP:20260801T173000Z", "LAST-MODIFIED:20260801T173000Z",
        "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101",
    ]  # fmt: skip
    assert "URL:https://toso.example.vn/desk/reports/" in lines
    moved = calendar("x", "y", [event(day=date(2026, 8, 18) + timedelta(days=2))])
    assert b"UID:period-1-village-2@toso.example.vn\r\n" in moved


def test_signs_with_a_meaning_are_escaped() -> None:
    assert escaped("a\\b; c, d\r\ne\x07") == "a\\\\b\\; c\\, d\\ne"
