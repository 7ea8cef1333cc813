"""A phone's first sync of a village with 300 households, and its next one after a day of twenty visits."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database
from models.household import Household
from models.member import Member
from models.team import SeatRole
from models.unit import Unit
from tests import build, rosters
from tests.e2e.stage import Server
from tests.load.figures import Figure, print_figures

SLOT = "p0"
ROUNDS = 5
VISITS, NEW_VISITS = 100, 20
BYTES, SECONDS = 40_000, 2


@dataclass(frozen=True)
class Village:
    """Its leader, with a session, and its households."""

    leader: Member
    token: str
    homes: Sequence[Household]


async def settle(db: Database, commune: Unit) -> Village:
    """A village with 300 households and 100 visits that wait."""
    village = await build.village(db, commune, code=f"{commune.code}300", name="Thôn Ba Trăm Hộ")
    leader = await build.member(db, await build.team(db, commune, village), "Hồ Văn Đức", SeatRole.LEADER)
    homes = await rosters.roster(db, village)
    await build.send(db, leader, *(build.visit(leader, home) for home in homes[:VISITS]))
    return Village(leader, await build.sign_in(db, leader), homes)


def measure(server: Server, database: str, village: Village) -> list[Figure]:
    return asyncio.run(_measure(server, database, village))


async def _measure(server: Server, database: str, village: Village) -> list[Figure]:
    cookie = f"{cookie_name(SLOT)}={village.token}"
    headers = {"Origin": server.origin, SLOT_HEADER: SLOT, "Cookie": cookie}
    async with httpx.AsyncClient(base_url=server.origin, headers=headers, timeout=60) as phone:
        first, waits = await _pulled(phone, "")
        figures = _figures("first sync of 300 households", database, first, waits)
        homes = village.homes[VISITS : VISITS + NEW_VISITS]
        body = build.push_body(*(build.visit(village.leader, home) for home in homes))
        (await phone.post("/api/v1/sync/push", json=body)).raise_for_status()
        after, waits = await _pulled(phone, first.cursor)
        assert after.rows["visits"] == NEW_VISITS
        figures += _figures("sync after 20 visits", database, after, waits)
    print_figures(f"Sync on {database}", figures)
    return figures


async def _pulled(phone: httpx.AsyncClient, cursor: str) -> tuple[rosters.Pulled, list[float]]:
    waits = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        pulled = await rosters.pull_all(phone, cursor)
        waits.append(time.perf_counter() - started)
    return pulled, waits


def _figures(name: str, database: str, pulled: rosters.Pulled, waits: list[float]) -> list[Figure]:
    return [
        Figure(f"{name}, {database}, on the wire", pulled.bytes, "bytes", BYTES),
        Figure(f"{name}, {database}, longest of {ROUNDS}", max(waits), "s", SECONDS),
    ]
