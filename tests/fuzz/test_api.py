"""The API asked all that its own description allows, and much that it does not, by people of every kind.

Nothing answers 5xx, shows a trace or a path, or has another shape than the description says. The seed is fixed and
printed; `make fuzz` asks far more, with a new seed each time.
"""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fieldapp.api.app import create_api
from tests import build
from tests.conftest import ORIGIN
from tests.fuzz.stage import SEED, Stage, check_manners, now

CHECKS = [content_type_conformance, response_schema_conformance, status_code_conformance]
SCHEMA = schemathesis.openapi.from_dict(create_api().openapi())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]
QUICK = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.generate]}
PEOPLE = ["nobody", "member", "leader", "officer", "province", "partner", "admin"]


def _aim(case: Any, known: dict[str, Any], at: int) -> None:
    """Lets every other question be about something that there is."""
    for part in (case.path_parameters, case.query, case.body):
        if at and isinstance(part, dict):
            part.update({name: value for name, value in known.items() if name in part})


async def _ask(client: httpx.AsyncClient, case: Any) -> httpx.Response:
    given = case.as_transport_kwargs(base_url=ORIGIN)
    fields = ("method", "url", "headers", "params", "data", "json", "cookies", "files")
    try:
        asked = requests.Request(**{name: given[name] for name in fields if name in given}).prepare()
    except (requests.exceptions.RequestException, UnicodeError):
        return await client.get("/healthz")
    # Who asks is the client's to say; else every session would be a made-up one.
    kept = {k: v for k, v in asked.headers.items() if k.lower() not in ("cookie", "x-slot", "origin", "content-length")}
    content = asked.body.encode() if isinstance(asked.body, str) else asked.body
    return await client.request(str(asked.method), str(asked.url), headers=kept, content=content)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o.method} {o.path}")
def test_what_the_description_allows_and_forbids(stage: Stage, operation: Any) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @seed(SEED)
    @settings(max_examples=stage.examples * len(PEOPLE), **QUICK)
    @given(case=cases, name=st.sampled_from(PEOPLE), at=st.integers(0, 1))
    def ask(case: Any, name: str, at: int) -> None:
        _aim(case, stage.known, at)

        async def once() -> httpx.Response:
            async with await stage.client(name) as client:
                return await _ask(client, case)

        answer = stage.do(once())
        check_manners(answer)
        if answer.request.url.path != "/healthz" and answer.request.method != "HEAD":
            case.validate_response(answer, checks=CHECKS)

    ask()


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.just("\x00"), st.just("\ud800"),
    st.just(2**63), st.just("a" * 70_000), st.lists(st.integers(), max_size=3), st.just({"$ne": 1}), st.just([[[[]]]]),
)  # fmt: skip


def _places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        yield from _places(below, (*path, key))


def _spoilt(record: Any, path: tuple, junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(record) if isinstance(record, dict) else list(record)
    copy[path[0]] = _spoilt(record[path[0]], path[1:], junk)
    return copy


def test_records_with_anything_anywhere_are_answered_each(stage: Stage) -> None:
    world = stage.world

    def whole() -> list[dict[str, Any]]:
        visit = build.visit(world.member, world.households[1], identified_by="scan", card="HTTPS://X/H/ABC", note="x")
        bind = build.record("card.bind", world.member, {"household": str(world.households[1].id), "card": "ABC"})
        home = {"household": visit["id"], "village": world.village.id, "number": "9", "head_name": "A"}
        decided = build.decision(world.member, visit["id"])
        return [
            visit,
            bind,
            decided,
            build.record("household.add", world.member, home),
            {**visit, "replaces": bind["id"]},
        ]

    @seed(SEED)
    @settings(max_examples=stage.examples * 30, **QUICK)
    @given(st.data())
    def push(data: st.DataObject) -> None:
        records = whole()
        for index in range(len(records)):
            path = data.draw(st.sampled_from(list(_places(records[index]))))
            records[index] = _spoilt(records[index], path, data.draw(JUNK))
        body = {"records": records, "device_time": now(), "app_version": "fuzz"}
        text = json.dumps(body).encode(errors="surrogatepass")

        async def once() -> httpx.Response:
            async with await stage.client("member") as client:
                return await client.post(
                    "/api/v1/sync/push", content=text, headers={"content-type": "application/json"}
                )

        answer = stage.do(once())
        check_manners(answer)
        if answer.status_code == 200:
            assert len(answer.json()["results"]) == len(records)

    push()
