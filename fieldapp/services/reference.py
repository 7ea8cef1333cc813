"""What every database starts from: the province, its 96 communes, the catalogue of platforms, an epoch.

All of it is public fact, in the files of `services/data`; nothing here is sample data. Loading again adds what is
missing and leaves alone what is there, since the province may have changed it.
"""

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from fieldapp.domain.search_key import fold
from fieldapp.domain.search_rank import OldName
from fieldapp.services import rescue_keys
from fieldapp.services.indicators import load_indicators
from fieldapp.services.pull import EPOCH
from fieldapp.services.scopes import PROVINCE, raise_versions
from models.platform import Platform, PlatformStep
from models.sync import ServerFact
from models.unit import Division, Region, Terrain, Unit, UnitKind

UNITS, PLATFORMS, STEPS = Unit.__table__, Platform.__table__, PlatformStep.__table__
DATA = Path(__file__).with_name("data")
PROVINCE_CODE, PROVINCE_NAME = "51", "Tỉnh Quảng Ngãi"
TWO_TIER_SINCE = date(2025, 7, 1)
"""When the province in its present borders and its communes began, and districts ended."""

FIRST_WEST_CODE = "23000"
"""Codes below are those of the old Quảng Ngãi, the rest those of the old Kon Tum."""

_DIVISIONS = {"xã": Division.XA, "phường": Division.PHUONG, "đặc khu": Division.DAC_KHU}


async def load_reference(session: AsyncSession, sample: bool = False) -> None:
    """Units, platforms, epoch, the key of rescue files; with `sample`, units are marked as part of sample data."""
    await rescue_keys.make_once(session)
    await load_units(session, sample)
    await load_platforms(session)
    await load_indicators(session)
    if await session.get(ServerFact, EPOCH) is None:
        session.add(ServerFact(key=EPOCH, value=uuid4().hex))
        await session.flush()


async def load_units(session: AsyncSession, sample: bool = False) -> int:
    """The province and its communes; gives the number of units that were added."""
    present = set((await session.execute(select(UNITS.c.code).where(UNITS.c.kind != UnitKind.VILLAGE))).scalars())
    if PROVINCE_CODE not in present:
        top = _unit_row(PROVINCE_CODE, PROVINCE_NAME, UnitKind.PROVINCE, Division.TINH, sample)
        await session.execute(insert(UNITS), [top])
    query = select(UNITS.c.id).where(UNITS.c.code == PROVINCE_CODE, UNITS.c.kind == UnitKind.PROVINCE)
    province_id = (await session.execute(query.order_by(UNITS.c.valid_from.desc()))).scalars().first()
    missing = [row for row in _read("communes_51.csv") if row["code"] not in present]
    communes = [
        _unit_row(row["code"], row["name"], UnitKind.COMMUNE, _DIVISIONS[row["type"]], sample)
        | {
            "parent_id": province_id,
            "region": Region.EAST if row["code"] < FIRST_WEST_CODE else Region.WEST,
            "latitude": float(row["latitude"]),
            "longitude": float(row["longitude"]),
            "terrain": Terrain(row["terrain"]),
        }
        for row in missing
    ]
    if communes:
        await session.execute(insert(UNITS), communes)
    return len(communes) + (PROVINCE_CODE not in present)


def _unit_row(code: str, name: str, kind: UnitKind, division: Division, sample: bool) -> dict[str, Any]:
    return {
        "code": code, "name": name, "key": fold(name), "kind": kind, "division": division,
        "valid_from": TWO_TIER_SINCE, "is_sample": sample,
    }  # fmt: skip


async def load_platforms(session: AsyncSession) -> int:
    """The catalogue with its steps; gives the number of platforms that were added. Phones pull it when any were."""
    present = set((await session.execute(select(PLATFORMS.c.code))).scalars())
    missing = [p for p in platform_catalogue() if p["code"] not in present]
    if not missing:
        return 0
    version = (await raise_versions(session, [PROVINCE]))[PROVINCE]
    rows = [{name: value for name, value in p.items() if name != "steps"} | {"scope_version": version} for p in missing]
    await session.execute(insert(PLATFORMS), rows)
    steps = [
        {"platform_code": p["code"], "position": position, **step}
        for p in missing
        for position, step in enumerate(p["steps"], 1)
    ]
    if steps:
        await session.execute(insert(STEPS), steps)
    return len(missing)


@cache
def platform_catalogue() -> list[dict[str, Any]]:
    """The platforms that the product ships, each with its `steps`, in the order of their tiles."""
    return json.loads((DATA / "platforms.json").read_text("utf-8"))


@cache
def present_codes_by_old_name() -> dict[str, tuple[str, ...]]:
    """Folded name of a commune before July 2025 -> codes of the communes that it went to (more than one: a split).

    Names without their division word are there too, so that `tinh an dong` is found as well as `xa tinh an dong`.
    """
    codes: dict[str, set[str]] = {}
    for row in _read("units_legacy.csv"):
        for name in _with_and_without_division(row["old_name"]):
            codes.setdefault(fold(name), set()).add(row["code"])
    return {name: tuple(sorted(found)) for name, found in codes.items()}


@cache
def old_commune_names() -> tuple[OldName, ...]:
    """What the communes of before July 2025 were called, and where they are now."""
    return tuple(OldName(row["old_name"], fold(row["old_name"]), row["code"]) for row in _read("units_legacy.csv"))


def _with_and_without_division(name: str) -> list[str]:
    words = next((w for w in ("Thị trấn ", "Phường ", "Xã ") if name.startswith(w)), "")
    return [name, name.removeprefix(words)]


def _read(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
