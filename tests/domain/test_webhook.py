"""Webhooks: what is told, how it is signed, when it is tried again, and which addresses may be told anything."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.webhook import WAITS, Topic, check_address, new_secret, next_try, prefixes, signature, topic_of
from fieldapp.problems import Problem

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("action", "topic"),
    [
        ("visit.create", Topic.VISITS),
        ("visit.approve", Topic.REVIEWS),
        ("visit.send_back", Topic.REVIEWS),
        ("activity.create", Topic.TEAM_WORK),
        ("difficulty.escalate", Topic.DIFFICULTIES),
        ("unit.merge", Topic.UNITS),
        ("account.create", None),
        ("session.end", None),
        ("household.erase", None),
        ("photo.accept", None),
        ("visit.creates", None),
    ],
)
def test_deeds_belong_to_topics(action: str, topic: Topic | None) -> None:
    assert topic_of(action) == topic


@given(st.text(max_size=20))
def test_whatever_is_told_begins_as_one_of_the_prefixes(action: str) -> None:
    if topic_of(action) is not None:
        assert action.startswith(prefixes())


def test_a_signature_is_what_the_standard_says() -> None:
    """The example of the Standard Webhooks specification's reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    at, body = datetime.fromtimestamp(1614265330, UTC), b'{"test": 2432232314}'
    assert signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_every_secret_is_another_and_signs() -> None:
    one, other = new_secret(), new_secret()
    assert one != other
    key = base64.b64decode(one.removeprefix("whsec_"))
    assert len(key) == 32
    signed = base64.b64encode(hmac.new(key, b"a.%d.x" % NOW.timestamp(), hashlib.sha256).digest()).decode()
    assert signature(one, "a", NOW, b"x") == f"v1,{signed}"


def test_it_is_tried_again_for_three_days_ever_more_seldom() -> None:
    waits = [next_try(NOW, tries) for tries in range(1, len(WAITS) + 1)]
    assert all(wait is not None for wait in waits)
    assert sorted(WAITS) == list(WAITS)
    assert timedelta(days=3) < sum(WAITS, timedelta()) < timedelta(days=4)
    assert next_try(NOW, len(WAITS) + 1) is None


@pytest.mark.parametrize(
    "address", ["https://example.vn/hook", "https://so-lieu.tinh.local:8443/a?b=c", "https://10.1.2.3/x"]
)
def test_an_address_of_https_is_taken(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "http://example.vn", "ftp://example.vn", "https://", "https://a:b@example.vn", "https://exa mple.vn",
     "https://example.vn/#x", "https://example.vn:99999", "https://[::1", "javascript:alert(1)", "https://bà.vn\n"],
)  # fmt: skip
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(Problem, match="webhook_address"):
        check_address(address)
