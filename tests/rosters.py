"""A village's roster as long as real ones are, and what it costs on the wire to pull it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

import httpx
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from fieldapp.db import Database
from fieldapp.domain.card_code import code_hash, make_code, make_short_code
from fieldapp.domain.search_key import fold
from fieldapp.services.scopes import raise_villages
from models.household import BatchKind, CardBatch, CardState, Household, HouseholdCard
from models.unit import Unit

HOMES = 300
FAMILY = "Nguyễn Trần Lê Phạm Huỳnh Hồ Đinh Võ Đặng Bùi Phan Trương Đỗ Ngô".split()
MIDDLE = "Văn Thị Quốc Minh Ngọc Thanh Hữu Đức Xuân Kim Công Thu".split()
GIVEN = "An Bình Cường Dung Hà Hải Hạnh Hoa Hùng Hương Lan Linh Long Mai Nam Phúc Sơn Tâm Thảo Tuấn Vân Yến".split()


async def roster(db: Database, village: Unit) -> Sequence[Household]:
    """300 households with heads, each with a card on its door."""
    rng = Random(HOMES)
    assert village.id is not None
    async with db.write() as session:
        version = (await raise_villages(session, [village.id]))[village.id]
        batch = CardBatch(village_id=village.id, kind=BatchKind.KNOWN, size=HOMES)
        homes = [_home(rng, village.id, number, version) for number in range(1, HOMES + 1)]
        session.add_all([batch, *homes])
        await session.flush()
        cards = [
            {
                "batch_id": batch.id, "village_id": village.id, "code_hash": code_hash(make_code()),
                "short_code": make_short_code(), "state": CardState.BOUND, "household_id": home.id,
                "scope_version": version,
            }
            for home in homes
        ]  # fmt: skip
        await session.execute(insert(HouseholdCard.__table__), cards)
    return homes


def _home(rng: Random, village_id: int, number: int, version: int) -> Household:
    head = " ".join(rng.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
    key = fold(f"{number} {head}")
    return Household(
        id=_drawn_id(rng), village_id=village_id, number=str(number), head_name=head, key=key, scope_version=version
    )


def _drawn_id(rng: Random) -> UUID:
    """As phones make them: of the same weeks, and otherwise as random as they come."""
    return UUID(int=(uuid7().int >> 80 << 80) - (rng.getrandbits(31) << 80) + rng.getrandbits(80))


@dataclass
class Pulled:
    """What a pull to its end brought: bytes on the wire with all headers, rows of each kind, the cursor after it."""

    bytes: int
    rows: dict[str, int]
    cursor: str


async def pull_all(client: httpx.AsyncClient, cursor: str = "") -> Pulled:
    pulled = Pulled(0, {"households": 0, "cards": 0, "visits": 0}, cursor)
    more = True
    while more:
        async with client.stream("GET", "/api/v1/sync/pull", params={"cursor": pulled.cursor}) as answer:
            answer.raise_for_status()
            page = json.loads(b"".join([piece async for piece in answer.aiter_bytes()]))
        pulled.bytes += answer.num_bytes_downloaded + sum(len(k) + len(v) + 4 for k, v in answer.headers.raw)
        for kind in pulled.rows:
            pulled.rows[kind] += len(page.get(kind, []))
        pulled.cursor, more = page["cursor"], page["more"]
    return pulled
