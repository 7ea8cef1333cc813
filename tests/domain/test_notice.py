"""When a phone may be told, and which addresses are those of a push service."""

from datetime import UTC, datetime, timedelta

import pytest

from fieldapp.domain.notice import LONGEST_WAIT, again, by_day, due, is_public, is_reachable
from models.notice import NoticeKind

HOUR = timedelta(hours=1)


def vn(text: str) -> datetime:
    """An instant by the clocks of Việt Nam, in UTC."""
    return datetime.fromisoformat(f"{text}+07:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "told"),
    [
        ("2026-11-25T06:00", "2026-11-25T06:00"),
        ("2026-11-25T12:34", "2026-11-25T12:34"),
        ("2026-11-25T20:59:59", "2026-11-25T20:59:59"),
        ("2026-11-25T21:00", "2026-11-26T06:00"),
        ("2026-11-25T23:59", "2026-11-26T06:00"),
        ("2026-11-26T00:00", "2026-11-26T06:00"),
        ("2026-11-26T05:59:59", "2026-11-26T06:00"),
        ("2026-12-31T22:00", "2027-01-01T06:00"),
    ],
)
def test_nobody_is_told_by_night(instant: str, told: str) -> None:
    assert by_day(vn(instant)) == vn(told)


@pytest.mark.parametrize(
    ("kind", "told", "next_"),
    [
        (NoticeKind.LOG, None, "2026-11-25T12:00"),
        (NoticeKind.LOG, "2026-11-25T07:00", "2026-11-25T12:00"),
        (NoticeKind.LOG, "2026-11-25T11:00", "2026-11-25T15:00"),
        (NoticeKind.RETURNED, "2026-11-25T11:30", "2026-11-25T12:30"),
    ],
)
def test_the_same_is_not_told_again_before_its_rest_is_over(kind: NoticeKind, told: str | None, next_: str) -> None:
    assert due(kind, vn("2026-11-25T12:00"), told and vn(told)) == vn(next_)


def test_a_rest_that_ends_by_night_ends_in_the_morning() -> None:
    assert due(NoticeKind.LOG, vn("2026-11-25T20:00"), vn("2026-11-25T19:00")) == vn("2026-11-26T06:00")


def test_every_failure_waits_longer_and_none_for_ever() -> None:
    noon = vn("2026-11-25T08:00")
    waits = [again(noon, tries) - noon for tries in range(12)]
    assert waits[:3] == [timedelta(minutes=m) for m in (1, 2, 4)]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert again(noon, 0, HOUR) - noon == HOUR
    assert again(noon, 0, timedelta(days=9)) - noon == LONGEST_WAIT


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/d9Xy:APA91b",
        "https://web.push.apple.com/QO2l-x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://wns2-sg2p.notify.windows.com/w/?token=BQYAAA%3d%3d",
    ],
)
def test_push_services_are_reached(endpoint: str) -> None:
    assert is_reachable(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://localhost/x",
        "https://db/x",
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://metadata.google.internal/x",
        "https://printer.local/x",
        "https://push.example.com:8443/x",
        "https://push.example.com:443/x",
        "https://push.example.com:0443x/x",
        "https://name:word@push.example.com/x",
        "https://push.example.com\\@10.0.0.1/x",
        "https://push.example.com/x#y",
        "https://push.example.com/a b",
        "https://push.example.com/\r\nX: y",
        "https://push.exämple.com/x",
        "https://push.example.com",
        "file:///etc/passwd",
    ],
)
def test_nothing_else_is(endpoint: str) -> None:
    assert not is_reachable(endpoint)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.2", "2404:6800:4003::5e", "64:ff9b::8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "2002:0a00:0001::", "64:ff9b:1::a00:1", "64:ff9b::a00:1",
    ],
)  # fmt: skip
def test_addresses_behind_this_server(address: str) -> None:
    assert not is_public(address)
