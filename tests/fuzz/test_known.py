"""What once broke the server or stopped a push, asked again over both databases: each is refused with a name."""

import base64
import json
from typing import Any

import httpx
import pytest
from uuid_utils.compat import uuid7

from tests import build
from tests.fuzz.stage import Stage, check_manners, now

API = "/api/v1"
HUGE = 10**30
DAYS = {"first": "2026-11-01", "last": "2026-11-02"}
ASKED = {
    "an export of a unit beyond all numbers": ("officer", "exports/summary.csv", DAYS | {"unit": str(HUGE)}),
    "an export of a unit past 31 bits": ("officer", "exports/summary.csv", DAYS | {"unit": str(2**31)}),
    "an export of no unit": ("officer", "exports/summary.csv", DAYS | {"unit": "0"}),
    "visits of a village beyond all numbers": ("officer", "exports/visits.csv", {"village": str(HUGE)}),
    "visits of a village past 31 bits": ("officer", "exports/visits.xlsx", {"village": str(2**31)}),
    "visits of a member beyond all numbers": ("officer", "exports/visits.csv", {"member": str(HUGE)}),
    "visits of a member past 31 bits": ("officer", "exports/visits.csv", {"member": str(2**31)}),
    "visits by words with a null": ("officer", "exports/visits.csv", {"query": "a\x00b"}),
    "visits by a platform with a null": ("officer", "exports/visits.csv", {"platform": "\x00"}),
}
SAID = {
    "a user name with a null": ("session", {"username": "a\x00", "password": "x"}),
    "a password with a null": ("session", {"username": "a", "password": "x\x00"}),
    "a label with a null": ("enrolments/join", {"token": "x" * 43, "device": str(uuid7()), "label": "\x00"}),
    "a code with a null": ("enrolments/preview", {"code": "ABCD\x00"}),
}
PUSHED = {
    "unsent beyond all numbers": {"unsent": HUGE},
    "unsent past 31 bits": {"unsent": 2**31},
    "a version with a null": {"app_version": "1\x00"},
}
SCOPES = {
    "infinity": '{"province":[1e999,0,0,""]}',
    "endless depth": "[" * 5500,
    "half a character": '{"\\ud800":[0,0,0,""]}',
    "a number of five thousand figures": f'{{"province":[{"9" * 5000},0,0,""]}}',
}


def ask(stage: Stage, who: str, method: str, path: str, **given: Any) -> httpx.Response:
    async def once() -> httpx.Response:
        async with await stage.client(who) as client:
            return await client.request(method, f"{API}/{path}", **given)

    answer = stage.do(once())
    check_manners(answer)
    return answer


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["problem"]["code"]


@pytest.mark.parametrize("what", ASKED)
def test_what_is_asked_is_bounded(stage: Stage, what: str) -> None:
    who, path, query = ASKED[what]
    assert refusal(ask(stage, who, "GET", path, params=query)) == (422, "invalid")


@pytest.mark.parametrize("what", SAID)
def test_what_is_said_at_the_doors_can_be_stored(stage: Stage, what: str) -> None:
    path, body = SAID[what]
    assert refusal(ask(stage, "nobody", "POST", path, json=body)) == (422, "invalid")


@pytest.mark.parametrize("what", PUSHED)
def test_what_stands_beside_the_records_is_bounded(stage: Stage, what: str) -> None:
    body = {"records": [], "device_time": now()} | PUSHED[what]
    assert refusal(ask(stage, "member", "POST", "sync/push", json=body)) == (422, "invalid")


@pytest.mark.parametrize("what", SCOPES)
def test_a_cursor_that_nobody_wrote_starts_from_nothing(stage: Stage, what: str) -> None:
    epoch = ask(stage, "member", "GET", "sync/pull").json()["epoch"]
    cursor = base64.urlsafe_b64encode(f'{{"epoch":"{epoch}","scopes":{SCOPES[what]}}}'.encode()).decode()
    answer = ask(stage, "member", "GET", "sync/pull", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["reset"]) == (200, True)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-1e999"])
@pytest.mark.parametrize("kind", ["group.update", "visit.create"])
def test_a_record_with_what_is_no_number_stops_none_of_its_neighbours(stage: Stage, kind: str, number: str) -> None:
    world = stage.world
    good = build.visit(world.member, world.households[2])
    bad = build.record(kind, world.member, {"people": ["?"]})
    text = json.dumps({"records": [bad, good], "device_time": now()}).replace('"?"', number)
    answer = ask(
        stage, "member", "POST", "sync/push", content=text.encode(), headers={"content-type": "application/json"}
    )
    assert [result["result"] for result in answer.json()["results"]] == ["invalid", "created"]
