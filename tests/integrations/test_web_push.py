"""What leaves for a push service: closed as RFC 8291 wants it, signed as RFC 8292 wants it, and to nobody else."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from fieldapp.integrations import outside
from fieldapp.integrations.web_push import Address, Outcome, Sender, closed, is_address, new_key, public_key, tell
from tests.push_service import CURVE, Browser, PushService, coded, decoded, push_service, signed_by

NOW = datetime.now(UTC)
CONTACT = "mailto:toso@example.vn"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    with push_service(monkeypatch) as running:
        yield running


def secret(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(text), "big"), CURVE)


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, appendix A."""
    point = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    address = Address("https://push.example.net/", point, "BTBZMqHH6r4Tts7J_aSIgg")
    own, salt = secret("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), decoded("DGv6ra1nlYgDCS1FRnbzlw")
    body = closed(b"When I grow up, I want to be a watermelon", address, own=own, salt=salt)
    assert coded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_a_browser_opens_what_it_is_told_and_sees_who_signed(service: PushService) -> None:
    sender, browser = Sender(new_key(), CONTACT), service.browser("/one")
    assert await tell(sender, browser.address, b"hello", "log", NOW) == (Outcome.DELIVERED, None)
    [arrival] = service.arrivals
    assert browser.open(arrival.body) == b"hello"
    assert b"hello" not in arrival.body
    given = {name: arrival.headers[name] for name in ("content-encoding", "topic", "ttl")}
    assert given == {"content-encoding": "aes128gcm", "topic": "log", "ttl": "43200"}
    key, claims = signed_by(arrival.headers["authorization"])
    assert key == public_key(sender.key)
    assert (claims["aud"], claims["sub"]) == (service.origin, CONTACT)
    assert timedelta() < datetime.fromtimestamp(claims["exp"], UTC) - NOW <= timedelta(hours=24)


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (201, {}, (Outcome.DELIVERED, None)),
        (404, {}, (Outcome.GONE, None)),
        (410, {}, (Outcome.GONE, None)),
        (429, {"Retry-After": "90"}, (Outcome.LATER, timedelta(seconds=90))),
        (503, {"Retry-After": "tomorrow"}, (Outcome.LATER, None)),
        (400, {}, (Outcome.REFUSED, None)),
        (413, {}, (Outcome.REFUSED, None)),
        (302, {"Location": "/elsewhere"}, (Outcome.REFUSED, None)),
    ],
)
async def test_what_a_push_service_says(service: PushService, status: int, headers: dict, outcome: tuple) -> None:
    service.answers["/one"] = (status, headers)
    assert await tell(Sender(new_key(), CONTACT), service.browser("/one").address, b"x", "log", NOW) == outcome
    assert [arrival.path for arrival in service.arrivals] == ["/one"]


async def test_one_that_is_not_there_is_tried_later(service: PushService) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        gone = Browser(f"http://127.0.0.1:{taken.getsockname()[1]}/x")
        assert (await tell(Sender(new_key(), CONTACT), gone.address, b"x", "log", NOW))[0] == Outcome.LATER


async def test_no_connection_is_opened_to_what_stands_behind_this_server(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its name: it counts what the name stands for when the connection is opened."""
    monkeypatch.undo()
    browser = service.browser("/one")
    for host in ("127.0.0.1", "localhost"):
        there = replace(browser.address, endpoint=browser.endpoint.replace("127.0.0.1", host))
        assert (await tell(Sender(new_key(), CONTACT), there, b"x", "log", NOW))[0] == Outcome.REFUSED
    assert service.arrivals == []
    assert outside.is_public("8.8.8.8")


def test_keys_are_a_point_of_the_curve_and_sixteen_bytes() -> None:
    good = Browser("https://push.example.com/x").address
    assert is_address(good)
    for bad in (
        {"p256dh": coded(b"\x04" + bytes(64))},
        {"p256dh": coded(b"\x02" + decoded(good.p256dh)[1:33])},
        {"p256dh": "A" * 87},
        {"p256dh": good.p256dh + "!"},
        {"auth": coded(bytes(15))},
        {"auth": ""},
    ):
        assert not is_address(replace(good, **bad)), bad
