"""All papers of a period as one file: whose they are, made once, gone on with after a cut, forgotten in time."""

import io
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import select, update

from fieldapp.db import Database
from fieldapp.integrations.photo_store import photo_store
from fieldapp.jobs import make_bundles
from fieldapp.jobs.decode_photos import sweep_orphans
from fieldapp.jobs.forget_old import forget
from fieldapp.problems import Problem
from fieldapp.services import bundles, leases, paper_templates
from fieldapp.services.decisions import Paper
from models.account import Account, Role
from models.audit_event import AuditEvent
from models.base import utc_now
from models.bundle import Bundle, BundleFile, BundlePaper, BundleState
from models.paper_template import PaperKind
from models.period import Period
from models.period_report import PeriodReport
from tests import build
from tests.build import World
from tests.paper_reader import docx_words
from tests.services.test_period_reports import TODAY, YESTERDAY, consolidate, decide, opened, report, send

BUNDLES, REPORTS = Bundle.__table__, PeriodReport.__table__
ONE = pytest.mark.parametrize("database_template", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rendered in this process, without pauses."""

    class Here:
        async def run(self, work: Any, *given: Any) -> Any:
            return work(*given)

        def close(self) -> None: ...

    monkeypatch.setattr(make_bundles, "_process", Here())
    monkeypatch.setattr(make_bundles, "PAUSE_SECONDS", 0)


@pytest.fixture
async def world(db: Database) -> World:
    return await build.reporting_world(db)


async def reported(db: Database, world: World) -> Period:
    """Both villages and the commune have reported, and all is approved."""
    period = await opened(db, world)
    head = await build.account(db, world.commune, Role.COMMUNE_LEADER)
    mine = report(world.leader, world.team.id, world.village, period)
    theirs = report(world.next_leader, world.next_team.id, world.next_village, period)
    for who, record in ((world.leader, mine), (world.next_leader, theirs)):
        assert await send(db, who, record) == ["created"]
    await decide(db, world.commune_officer, [mine["id"], theirs["id"]])
    whole = await consolidate(db, world.commune_officer, period)
    assert await decide(db, head, [whole.id]) == 1
    return period


async def ask(db: Database, who: Account, period: Period, file: BundleFile = BundleFile.DOCX) -> Bundle:
    principal = await build.principal(db, who)
    async with db.write() as session:
        return await bundles.ask(session, principal, period.id or 0, file, utc_now())


async def found(db: Database, made: Bundle) -> Bundle:
    async with db.read() as session:
        return await session.get_one(Bundle, made.id)


async def content(db: Database, made: Bundle) -> ZipFile:
    file = await photo_store().find_file((await found(db, made)).sha256 or "")
    assert file is not None
    return ZipFile(io.BytesIO(file))


async def test_a_commune_takes_its_villages_papers_and_its_own_and_the_province_those_of_communes(
    client: httpx.AsyncClient, db: Database, world: World
) -> None:
    period = await reported(db, world)
    made = await ask(db, world.commune_officer, period)
    assert (made.paper_count, made.state) == (3, BundleState.WAITING)
    assert (await ask(db, world.commune_officer, period)).id == made.id, "the same is made once"
    assert await make_bundles.make_in_turn("me", utc_now()) == 1
    assert await make_bundles.make_in_turn("me", utc_now()) == 0
    day = f"{YESTERDAY:%Y%m%d}"
    file = await content(db, made)
    assert file.namelist() == [
        f"21172 Sơn Tịnh/b2-21172-{day}-v1.docx",
        f"21172001 Thôn Đông Hòa/b1-21172001-{day}-v1.docx",
        f"21172002 Thôn Tây Hòa/b1-21172002-{day}-v1.docx",
    ]
    assert "Thôn Đông Hòa".upper() in docx_words(file.read(file.namelist()[1])).upper()
    top = await consolidate(db, world.province_officer, period)
    above = await ask(db, world.province_officer, period)
    assert top.number == 1
    assert await make_bundles.make_in_turn("me", utc_now()) == 2, "this one, and the one that the clock asks for"
    assert [name.split("/")[0] for name in (await content(db, above)).namelist()] == ["21172 Sơn Tịnh", "51 Quảng Ngãi"]
    elsewhere = await build.commune(db, world.province, code="21175", name="Trà Bồng")
    for who, expected in (
        (world.commune_officer, 200), (world.leader, 403), (world.province_officer, 403),
        (await build.account(db, elsewhere, Role.COMMUNE_OFFICER), 403),
    ):  # fmt: skip
        await build.enter(client, db, who)
        answer = await client.get(f"/api/v1/bundles/{made.id}/file")
        assert answer.status_code == expected, who
        if expected == 200:
            assert ZipFile(io.BytesIO(answer.content)).testzip() is None
            assert f"van-ban-21172-{day}-docx.zip" in answer.headers["content-disposition"]
    async with db.read() as session:
        deeds = (await session.execute(select(AuditEvent.__table__.c.action))).scalars().all()
    assert (deeds.count("bundle.ask"), deeds.count("export.bundle")) == (3, 1)


async def test_a_run_that_was_cut_goes_on_where_it_was_and_gives_the_same_bytes(
    db: Database, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = await reported(db, world)
    made, rendered = await ask(db, world.commune_officer, period), []
    whole = make_bundles._render

    async def cut(paper: BundlePaper) -> bytes:
        rendered.append(paper.name)
        if len(rendered) == 2:
            raise RuntimeError("cut")
        return await whole(paper)

    monkeypatch.setattr(make_bundles, "_render", cut)
    await make_bundles.make_in_turn("me", utc_now())
    row = await found(db, made)
    assert (row.state, row.done_count, row.error) == (BundleState.FAILED, 1, "unexpected")
    await sweep_orphans(utc_now() + timedelta(days=9))
    assert (await ask(db, world.commune_officer, period)).state == BundleState.WAITING
    async with db.write() as session:
        assert await leases.acquire(session, make_bundles.LEASE, "another", 60)
    assert await make_bundles.make_in_turn("me", utc_now()) == 0, "another worker has the turn"
    assert await make_bundles.make_in_turn("another", utc_now()) == 1
    row = await found(db, made)
    assert (row.state, row.done_count, len(rendered)) == (BundleState.READY, 3, 4), "what was rendered is kept"
    async with db.write() as session:
        await bundles.begin_anew(session, made.id or 0)
        lost = next(iter(await bundles.list_papers(session, made.id or 0)))
        await bundles.note_paper(session, lost, "0" * 64)
    assert await make_bundles.make_in_turn("me", utc_now()) == 2, "a backup holds no files: begun, and begun anew"
    assert (await found(db, made)).sha256 == row.sha256


@ONE
async def test_nothing_approved_makes_nothing_and_a_partner_asks_for_nothing(db: Database, world: World) -> None:
    period = await opened(db, world)
    with pytest.raises(Problem, match="nothing_approved"):
        await ask(db, world.commune_officer, period)
    partner = await build.account(db, world.province, Role.PARTNER, username="partner")
    for who in (partner, await build.account(db, world.province, Role.ADMIN)):
        with pytest.raises(Problem, match="forbidden"):
            await ask(db, who, period)


async def test_the_clock_asks_once_a_version_and_once_a_due_day_and_all_is_forgotten_in_time(
    db: Database, world: World
) -> None:
    period = await reported(db, world)
    assert await make_bundles.make_in_turn("me", utc_now()) == 0, "its day has not come"
    async with db.write() as session:
        await session.execute(update(Period.__table__).values(province_due_on=TODAY))
    assert await make_bundles.make_in_turn("me", utc_now()) == 1
    await consolidate(db, world.province_officer, period)
    assert [await make_bundles.make_in_turn("me", utc_now()) for _ in range(2)] == [1, 0]
    async with db.read() as session:
        rows = (await session.execute(select(BUNDLES).order_by(BUNDLES.c.id))).all()
    assert [(row.cause.split(":")[0], row.file, row.asked_by_id) for row in rows] == [
        ("due", "pdf", None), ("report", "pdf", None),
    ]  # fmt: skip
    assert (await forget(TODAY + timedelta(days=15)))["bundles"] == 2
    assert await make_bundles.make_in_turn("me", utc_now() + timedelta(days=15)) == 0
    await sweep_orphans(utc_now() + timedelta(days=30))
    assert await photo_store().find_file(rows[0].sha256) is None


@ONE
async def test_papers_in_a_new_template_are_another_file_and_no_file_holds_papers_of_two(
    db: Database, world: World
) -> None:
    period = await reported(db, world)
    officer = await build.principal(db, world.commune_officer)

    async def kept(sha256: str) -> None:
        async with db.write() as session:
            paper = Paper(sha256 * 64, 10)
            await paper_templates.keep(session, officer, PaperKind.COMMUNE_REPORT, "bc.docx", paper)

    first, print_ = (
        await ask(db, world.commune_officer, period),
        await ask(db, world.commune_officer, period, BundleFile.PDF),
    )
    await kept("a")
    second = await ask(db, world.commune_officer, period)
    assert second.id != first.id
    assert (await ask(db, world.commune_officer, period, BundleFile.PDF)).id == print_.id, "print knows no templates"
    assert await make_bundles.make_in_turn("me", utc_now()) == 3
    ended = [(one.state, one.error) for one in [await found(db, bundle) for bundle in (first, print_, second)]]
    assert ended == [(BundleState.FAILED, "template_changed"), (BundleState.READY, ""), (BundleState.READY, "")]
    assert (await ask(db, world.commune_officer, period)).id == second.id
    # Back to the template from before: nothing that was rendered in the other one is left to be tied in.
    async with db.write() as session:
        assert {paper.sha256 for paper in await bundles.list_papers(session, first.id or 0)} == {None}
        await paper_templates.forget(session, officer, PaperKind.COMMUNE_REPORT)
    assert (await ask(db, world.commune_officer, period)).id == first.id
    assert await make_bundles.make_in_turn("me", utc_now()) == 1
    assert (await found(db, first)).state == BundleState.READY
