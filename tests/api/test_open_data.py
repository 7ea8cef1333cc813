"""Open data: nothing until the province publishes it; then numbers of communes alone, as tables and as JSON."""

import csv
import io
from datetime import timedelta

import httpx
import pytest

from fieldapp.config import settings
from fieldapp.db import Database
from fieldapp.services.indicators import load_indicators
from tests import build
from tests.build import World
from tests.services.test_bundles import reported
from tests.services.test_period_reports import YESTERDAY, did

PATH = "/api/v1/open"
LICENCE = "CC BY 4.0"


@pytest.fixture
async def world(db: Database) -> World:
    made = await build.world(db)
    async with db.write() as session:
        await load_indicators(session)
    await did(db, made, "VNEID", "DVC", people=2)
    return made


@pytest.fixture
def publishing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDAPP_OPEN_DATA", LICENCE)
    settings.cache_clear()


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)
async def test_nothing_is_there_until_the_province_publishes_it(client: httpx.AsyncClient, world: World) -> None:
    for name in ("summary.csv", "summary.json", "platforms.csv"):
        answer = await client.get(f"{PATH}/{name}")
        assert (answer.status_code, answer.json()["problem"]["code"]) == (404, "not_found")


@pytest.mark.usefixtures("publishing")
async def test_anybody_has_the_numbers_of_communes_whose_reports_are_approved_and_nothing_below(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    assert (await client.get(f"{PATH}/summary.csv")).status_code == 404, "no commune is approved yet"
    await reported(db, world)
    answer = await client.get(f"{PATH}/summary.csv")
    found = {row["ma_chi_tieu"]: row for row in rows(answer)}
    assert {row["ten_xa"] for row in found.values()} == {world.commune.name}
    told = {name: found["25"][name] for name in ("ky", "den_ngay", "ma_xa", "don_vi", "gia_tri", "mau_so")}
    assert told == {
        "ky": "month", "den_ngay": YESTERDAY.isoformat(), "ma_xa": "21172", "don_vi": "lượt", "gia_tri": "2",
        "mau_so": "",
    }  # fmt: skip
    assert answer.headers["cache-control"] == "public, max-age=3600"
    told = (await client.get(f"{PATH}/summary.json", params={"last": YESTERDAY.isoformat(), "period": "month"})).json()
    assert (told["license"], told["publisher"], told["sample"]) == (LICENCE, world.province.name, False)
    assert told["periods"] == [told["period"]]
    assert [row["gia_tri"] for row in told["rows"] if row["ma_chi_tieu"] == "25"] == [2]
    for word in (world.village.name, world.leader.full_name, world.commune_officer.full_name):
        assert word not in answer.text
        assert word not in str(told)
    for odd in ({"last": (YESTERDAY - timedelta(days=1)).isoformat()}, {"period": "week"}):
        assert (await client.get(f"{PATH}/summary.json", params=odd)).status_code == 404
    assert (await client.get(f"{PATH}/summary.json", params={"period": "ad_hoc"})).status_code == 422
    months = rows(await client.get(f"{PATH}/platforms.csv"))
    assert [(row["ma_nen_tang"], row["so_luot"], row["so_luot_nguoi"]) for row in months] == [
        ("VNEID", "1", "2"), ("DVC", "1", "2"),
    ]  # fmt: skip
    assert months == [
        {name: str(value) for name, value in row.items()}
        for row in (await client.get(f"{PATH}/platforms.json")).json()["rows"]
    ]
