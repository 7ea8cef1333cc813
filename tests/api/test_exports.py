"""Tables to take away: the same numbers as on the screen, marked, guarded, and only for those who see them there."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
from sqlalchemy import select

from fieldapp.db import Database
from fieldapp.domain.day_range import DayRange
from fieldapp.domain.vn_time import vn_day
from fieldapp.domain.written_time import written_days
from fieldapp.i18n import text
from fieldapp.reports.summary import Summary, read_summary
from fieldapp.reports.visit_export import every_visit
from fieldapp.reports.visit_filter import VisitFilter
from fieldapp.reports.visit_list import list_visits
from fieldapp.services import data_requests, samples
from fieldapp.services.data_requests import RequestForm
from models.account import Role
from models.audit_event import AuditEvent
from tests import build

TODAY = vn_day(datetime.now(UTC))
YESTERDAY = TODAY - timedelta(days=1)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Tables = dict[str, list[list[str]]]


async def desk(client: httpx.AsyncClient, db: Database, who: Any) -> httpx.AsyncClient:
    """An officer's browser following a plain link: no header names the slot, the address does."""
    await build.enter(client, db, who)
    del client.headers["X-Slot"]
    return client


def summary_address(kind: str, unit: Any, first: date = YESTERDAY, last: date = TODAY, **more: str) -> str:
    given = {"unit": unit.id, "first": first, "last": last, "slot": "desk", **more}
    return f"/api/v1/exports/summary.{kind}?" + "&".join(f"{name}={value}" for name, value in given.items())


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def read_xlsx(content: bytes) -> Tables:
    """The cells of each sheet as text, by the sheet's name."""
    book = zipfile.ZipFile(io.BytesIO(content))
    names = [e.attrib["name"] for e in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")]
    return {name: _cells(book.read(f"xl/worksheets/sheet{i}.xml")) for i, name in enumerate(names, 1)}


def _cells(sheet: bytes) -> list[list[str]]:
    root = ElementTree.fromstring(sheet)
    assert not list(root.iter(MAIN + "f")), "a formula"
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(MAIN + "row")]


def tables_of_csv(rows: list[list[str]]) -> Tables:
    """The tables of a CSV by the name that stands above each one's heads."""
    tables: Tables = {}
    blocks: list[list[list[str]]] = [[]]
    for row in rows:
        if row:
            blocks[-1].append(row)
        else:
            blocks.append([])
    for block in filter(None, blocks):
        head = next(i for i, row in enumerate(block) if len(row) > 1)
        tables[block[head - 1][0]] = block[head:]
    return tables


@pytest.fixture
async def world(db: Database) -> build.World:
    """Two visits today, one approved and one waiting, and one yesterday that was sent back."""
    world = await build.world(db)
    yesterday = build.millis(datetime.now(UTC) - timedelta(days=1))
    done = build.visit(world.member, world.households[0], "VNEID", "DVC", people=2)
    waits = build.visit(world.second_member, world.households[1], people=3)
    wrong = build.visit(world.member, world.households[2], made_at=yesterday)
    await build.send(db, world.member, done, wrong)
    await build.send(db, world.second_member, waits)
    sent_back = build.decision(world.leader, wrong["id"], verdict="send_back")
    await build.send(db, world.leader, build.decision(world.leader, done["id"]), sent_back)
    return world


async def on_screen(db: Database, world: build.World) -> Summary:
    who = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        return await read_summary(session, who, world.commune.id, DayRange(YESTERDAY, TODAY), datetime.now(UTC))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_summary_takes_away_what_the_screen_shows(db: Database, client, world: build.World, kind: str):
    browser = await desk(client, db, world.commune_officer)
    answer = await browser.get(summary_address(kind, world.commune))
    assert answer.status_code == 200
    tables = tables_of_csv(read_csv(answer.content)) if kind == "csv" else read_xlsx(answer.content)
    shown = await on_screen(db, world)
    units = {row[0]: row[1:4] for row in tables[text("export.units")]}
    for row in shown.units:
        assert units[row.name] == [str(row.counts.approved), str(row.counts.waiting), str(row.counts.returned)]
    platforms = {row[0]: row[3:6] for row in tables[text("export.platforms")] if len(row) > 3}
    for row in shown.platforms:
        assert platforms[row.code] == [str(row.counts.approved), str(row.counts.waiting), str(row.counts.returned)]
    totals = {row[0]: row[1] for row in tables[text("export.totals")] if len(row) > 2}
    assert totals[text("export.col.approved")] == str(shown.totals.approved) == "2"
    assert totals[text("export.col.waiting")] == str(shown.totals.waiting) == "1"
    assert totals[text("export.col.returned")] == str(shown.totals.returned) == "1"
    assert totals[text("export.col.approved_people")] == str(shown.totals.approved_people) == "4"
    assert totals[text("export.col.households_approved")] == str(shown.households.approved) == "1"
    assert totals[text("export.col.households_standing")] == str(shown.households.standing) == "2"
    alone = {row[0]: row[1] for row in tables[text("export.totals")] if len(row) > 1}
    assert alone[text("export.year", days=written_days(shown.year))] == str(shown.year_approved)
    assert alone[text("export.col.heard")] == str(shown.freshness.heard)
    assert alone[text("export.col.villages")] == str(shown.freshness.villages) == "2"
    if kind == "xlsx":
        return  # A cell with nothing in it is not in the file, so places tell nothing there.
    heads = next(row for row in tables[text("export.units")] if row[0] == text("export.col.name"))
    places = [
        heads.index(text(f"export.col.{name}")) for name in ("all_households", "rate", "rank", "heard", "villages")
    ]
    of_units = {row[0]: [row[place] for place in places] for row in tables[text("export.units")] if len(row) > 5}
    for row in shown.units:
        told = (row.of or None, row.standing.rate, row.standing.rank, row.freshness.heard, row.freshness.villages)
        assert of_units[row.name] == ["" if one is None else str(one) for one in told]
    heads = next(row for row in tables[text("export.platforms")] if row[0] == text("export.col.code"))
    places = [heads.index(text(f"export.col.{name}")) for name in ("previous", "year")]
    for row in shown.platforms:
        line = next(one for one in tables[text("export.platforms")] if one[0] == row.code)
        assert [line[place] for place in places] == [str(row.trend.before), str(row.trend.year)]


async def test_what_nobody_knows_is_empty_and_not_zero(db: Database, client, world: build.World):
    browser = await desk(client, db, world.province_officer)
    start = TODAY.replace(month=1, day=1)
    rows = read_csv((await browser.get(summary_address("csv", world.province, start, TODAY))).content)
    assert [row[1:] for row in rows if row and row[0] == text("export.col.households_approved")] == [["", ""]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_visits_take_away_every_page(
    db: Database, client, world: build.World, kind: str, monkeypatch: pytest.MonkeyPatch
):
    """Also those of one and the same moment, between which only their ids tell."""
    moment = build.millis(datetime.now(UTC) - timedelta(minutes=5))
    twins = [build.visit(world.member, home, made_at=moment) for home in world.households[5:7]]
    await build.send(db, world.member, *twins)
    monkeypatch.setattr("fieldapp.api.exports.every_visit", partial(every_visit, size=1))
    browser = await desk(client, db, world.commune_officer)
    answer = await browser.get(f"/api/v1/exports/visits.{kind}?slot=desk&first={YESTERDAY}&last={TODAY}&page=7")
    assert answer.status_code == 200
    table = tables_of_csv(read_csv(answer.content)) if kind == "csv" else read_xlsx(answer.content)
    heads, *rows = [row for row in table[text("export.visits")] if len(row) > 3]
    states = [row[heads.index(text("export.col.state"))] for row in rows]
    expected = ("approved", "waiting", "waiting", "waiting", "returned")
    assert sorted(states) == sorted(text(f"visit.state.{state}") for state in expected)
    assert len({row[0] for row in rows}) == 5


async def test_a_row_says_of_a_visit_what_the_list_says(db: Database, client, world: build.World):
    """Newest first, outcomes in the order in which they were recorded, a flag, no photo."""
    who = await build.principal(db, world.commune_officer)
    async with db.read() as session:
        shown = (await list_visits(session, who, VisitFilter())).rows
    browser = await desk(client, db, world.commune_officer)
    content = (await browser.get("/api/v1/exports/visits.csv?slot=desk")).content
    heads, *rows = tables_of_csv(read_csv(content))[text("export.visits")]
    at = {name: heads.index(text(f"export.col.{name}")) for name in ("id", "head", "done", "flags", "photos", "people")}
    assert [row[at["id"]] for row in rows] == [str(visit.id) for visit in shown]
    assert any(len(visit.outcomes) == 2 for visit in shown)
    assert any(visit.flags for visit in shown)
    for row, visit in zip(rows, shown, strict=True):
        assert row[at["done"]] == "; ".join(f"{o.name_vi}: {text(f'result.{o.result}')}" for o in visit.outcomes)
        assert row[at["flags"]] == "; ".join(text(f"flag.{flag}") for flag in visit.flags)
        assert (row[at["head"]], row[at["people"]]) == (visit.head_name, str(visit.people))
        assert row[at["photos"]] == str(visit.photo_count)


async def test_a_filter_holds_for_the_export_too(db: Database, client, world: build.World):
    browser = await desk(client, db, world.commune_officer)
    nowhere = f"village={2**31 - 1}"
    for asked, expected in (("state=waiting", 1), ("query=dinh+lan", 2), ("platform=DVC", 1), (nowhere, 0)):
        rows = read_csv((await browser.get(f"/api/v1/exports/visits.csv?slot=desk&{asked}")).content)
        assert len([row for row in rows if len(row) > 3]) - 1 == expected, asked
    assert (await browser.get("/api/v1/exports/visits.csv?slot=desk&state=lost")).status_code == 422


async def test_nothing_that_somebody_typed_becomes_a_formula(db: Database, client, world: build.World):
    evil = "=cmd|' /C calc'!A0"
    home = await build.household(db, world.village, "+7", head_name=evil)
    await build.send(db, world.member, build.visit(world.member, home))
    browser = await desk(client, db, world.commune_officer)
    rows = read_csv((await browser.get("/api/v1/exports/visits.csv?slot=desk")).content)
    assert [row[4:6] for row in rows if "cmd" in "".join(row)] == [["'+7", "'" + evil]]
    sheets = read_xlsx((await browser.get("/api/v1/exports/visits.xlsx?slot=desk")).content)
    assert any(evil in row and "+7" in row for row in sheets[text("export.visits")])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_every_table_says_who_took_it_and_that_it_is_a_sample(
    db: Database, client, world: build.World, kind: str
):
    async with db.write() as session:
        await samples.mark(session)
    browser = await desk(client, db, world.commune_officer)
    for address in (summary_address(kind, world.commune), f"/api/v1/exports/visits.{kind}?slot=desk"):
        content = (await browser.get(address)).content
        sheets = {"": read_csv(content)} if kind == "csv" else read_xlsx(content)
        for rows in sheets.values():
            lines = [row[0] for row in rows[:4] if row]
            assert any(world.commune_officer.full_name in line for line in lines)
            assert text("export.sample") in lines


async def test_taking_away_is_written_down(db: Database, client, world: build.World):
    browser = await desk(client, db, world.commune_officer)
    await browser.get("/api/v1/exports/visits.csv?slot=desk&state=waiting")
    await browser.get(summary_address("csv", world.village))
    async with db.read() as session:
        query = (
            select(AuditEvent).where(AuditEvent.__table__.c.action.like("export.%")).order_by(AuditEvent.__table__.c.id)
        )
        events = (await session.execute(query)).scalars().all()
    assert [(e.action, e.account_id, e.unit_id) for e in events] == [
        ("export.visits", world.commune_officer.id, world.commune.id),
        ("export.summary", world.commune_officer.id, world.village.id),
    ]
    assert events[0].detail == {"state": "waiting"}


async def test_exports_reach_as_far_as_the_screens(db: Database, client, world: build.World):
    visits, summary = "/api/v1/exports/visits.csv?slot=desk", summary_address("csv", world.commune)
    assert (await client.get(visits)).status_code == 401
    assert (await client.get(summary)).status_code == 401
    browser = await desk(client, db, world.province_officer)
    assert (await browser.get(visits)).status_code == 403
    assert (await browser.get(summary)).status_code == 200
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    await desk_again(browser, db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert (await browser.get(summary)).status_code == 403
    rows = read_csv((await browser.get(visits)).content)
    assert len([row for row in rows if len(row) > 3]) == 1


async def desk_again(browser: httpx.AsyncClient, db: Database, who: Any) -> None:
    await build.enter(browser, db, who)
    del browser.headers["X-Slot"]


@pytest.mark.parametrize(
    "days", [("2026-02-30", "2026-03-01"), ("2026-03-02", "2026-03-01"), ("2001-01-01", "2026-01-01")]
)
async def test_impossible_days_are_refused(db: Database, client, world: build.World, days: tuple[str, str]):
    browser = await desk(client, db, world.commune_officer)
    answer = await browser.get(summary_address("csv", world.commune, *days))
    assert (answer.status_code, answer.json()["problem"]["code"]) == (422, "invalid")


async def test_the_heads_speak_the_language_of_the_screen(db: Database, client, world: build.World):
    browser = await desk(client, db, world.commune_officer)
    rows = read_csv((await browser.get(summary_address("csv", world.commune, locale="en"))).content)
    assert any(text("export.col.approved", "en") in row for row in rows)


async def test_what_is_held_of_a_household_leaves_by_its_request_alone(client: httpx.AsyncClient, db: Database):
    world = await build.world(db)
    await build.send(db, world.member, build.visit(world.member, world.households[0], note="Hẹn chiều"))
    officer = await build.principal(db, world.commune_officer)
    form = {"kind": "access", "received_on": vn_day(datetime.now(UTC)), "asked": "Muốn xem", "number": "1"}
    async with db.write() as session:
        asked = RequestForm.model_validate(form | {"village": world.village.id})
        request = await data_requests.take_in(session, officer, asked)
        nobody = await data_requests.take_in(session, officer, RequestForm.model_validate(form | {"number": ""}))
    await build.enter(client, db, world.commune_officer)
    answer = await client.get(f"/api/v1/exports/household.csv?request={request}")
    assert answer.status_code == 200
    for said in (world.village.name, world.households[0].head_name or "", "Hẹn chiều", world.commune_officer.full_name):
        assert said in answer.text
    assert (await client.get(f"/api/v1/exports/household.xlsx?request={request}")).content[:2] == b"PK"
    assert (await client.get(f"/api/v1/exports/household.csv?request={nobody}")).status_code == 422
    assert (await client.get("/api/v1/exports/household.csv?request=999")).status_code == 404
    assert (await client.get("/api/v1/exports/consents.csv")).status_code == 200
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    await build.enter(client, db, await build.account(db, elsewhere, Role.COMMUNE_OFFICER))
    assert (await client.get(f"/api/v1/exports/household.csv?request={request}")).status_code == 403
