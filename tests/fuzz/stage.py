"""A sealed stage for fuzzing: the API behind gate and edge on a database of its own, with people of every kind."""

import asyncio
import os
import re
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from fieldapp.api.app import create_api
from fieldapp.api.edge import Edge
from fieldapp.api.gate import Gate
from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database, use_database
from models.account import Account, Role
from models.member import Member
from tests import build
from tests.conftest import ORIGIN

EXAMPLES = {"sqlite": int(os.environ.get("FUZZ_EXAMPLES", "3"))}
EXAMPLES["postgresql"] = (EXAMPLES["sqlite"] + 2) // 3
"""How much is asked over each database: what both refuse alike need not be asked twice."""

SEED = int(os.environ.get("FUZZ_SEED", "20261124"))
LEAKS = re.compile(rb"Traceback|File \"|site-packages|\.py\b|sqlalchemy|asyncpg|aiosqlite|/work/|/home/|/usr/|/tmp/")
T = TypeVar("T")


class Stage:
    def __init__(self, address: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.db = Database(address)
        self.examples = EXAMPLES["sqlite" if self.db.is_sqlite else "postgresql"]
        self.app = Edge(Gate(create_api()))
        self.people: dict[str, Member | Account | None] = {}
        self.known: dict[str, Any] = {}
        self.do(self._build())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        use_database(self.db)
        return self.loop.run_until_complete(work)

    async def _build(self) -> None:
        world = self.world = await build.world(self.db)
        self.people = {
            "nobody": None,
            "member": world.member,
            "leader": world.leader,
            "officer": world.commune_officer,
            "province": world.province_officer,
            "partner": await build.account(self.db, world.province, Role.PARTNER),
            "admin": await build.account(self.db, world.province, Role.ADMIN),
        }
        visit = build.visit(
            world.member, world.households[0], photos=[{"sha256": "a" * 64, "bytes": 9, "type": "image/jpeg"}]
        )
        await build.send(self.db, world.member, visit)
        self.known = {
            "visit_id": visit["id"],
            "sha256": "a" * 64,
            "unit": world.commune.id,
            "village": world.village.id,
        }

    async def client(self, name: str) -> httpx.AsyncClient:
        """A browser of this person on our own pages, with a session just opened."""
        who = self.people[name]
        slot = "desk" if isinstance(who, Account) else "p0"
        cookies = {cookie_name(slot): await build.sign_in(self.db, who)} if who else {}
        headers = {"Origin": ORIGIN, SLOT_HEADER: slot}
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies)

    def close(self) -> None:
        self.do(self.db.close())
        use_database(None)
        self.loop.close()


def now() -> int:
    return build.millis(datetime.now(UTC))


def check_manners(answer: httpx.Response) -> None:
    """What holds for every answer, whatever was asked."""
    assert answer.status_code < 500, answer.text
    assert not LEAKS.search(answer.content), answer.content[:2000]
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        page = answer.headers["content-type"].startswith("text/html")  # For people; only where the description says so.
        assert "<h1>" in answer.text if page else answer.json()["problem"]["code"]
