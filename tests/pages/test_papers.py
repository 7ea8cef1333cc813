"""The page of official papers, past the browser."""

from fieldapp.db import Database
from fieldapp.domain.target import Length, period
from fieldapp.domain.vn_time import vn_day
from fieldapp.pages.desk.papers_state import PapersState
from fieldapp.services import paper_templates
from fieldapp.services.decisions import Paper
from models.account import Account, Role
from models.base import utc_now
from models.paper_template import PaperKind
from tests import build
from tests.pages.test_desk import enter


async def keep(db: Database, who: Account, kind: PaperKind, name: str) -> None:
    principal = await build.principal(db, who)
    async with db.write() as session:
        await paper_templates.keep(session, principal, kind, name, Paper("a" * 64, 10))


async def test_a_commune_chooses_a_period_and_goes_back_to_the_usual_template(db: Database) -> None:
    world = await build.world(db)
    await keep(db, world.commune_officer, PaperKind.COMMUNE_REPORT, "Cũ.docx")
    await keep(db, world.commune_officer, PaperKind.COMMUNE_REPORT, "Mẫu xã.docx")
    page = await enter(db, PapersState, world.commune_officer)
    quarter = period(Length.QUARTER, vn_day(utc_now()))
    assert (page.first, page.last, page.wide) == (quarter.first.isoformat(), quarter.last.isoformat(), False)
    await page.choose_length("year")
    await page.move(-1)
    assert (page.first, page.period_key) == (f"{quarter.first.year - 1}-01-01", "year")
    own = {line.paper: line.name for line in page.templates}
    assert own == dict.fromkeys(("b1", "b4", "b5", "b6", "b7"), "") | {"b2": "Mẫu xã.docx"}
    await page.open_template("b1")
    assert (page.open, page.open_own) == ("b1", False)
    await page.open_template("b2")
    assert page.open_own
    await page.forget("b2")
    assert (page.done, page.open, [line.name for line in page.templates if line.name]) == ("forgotten", "", [])
    await page.forget("b2")
    assert page.problem == "not_found"
    await page.forget("b3")
    assert page.problem == "forbidden"


async def test_the_province_keeps_templates_of_its_own_papers_and_a_leader_none(db: Database) -> None:
    world = await build.world(db)
    await keep(db, world.commune_officer, PaperKind.GROUPS, "Mẫu xã.docx")
    page = await enter(db, PapersState, world.province_officer)
    assert [(line.paper, line.name) for line in page.templates] == [
        (kind, "") for kind in ("b3", "b4", "b5", "b6", "b7")
    ]
    await page.choose_commune(world.commune.id or 0)
    assert page.commune == str(world.commune.id)
    await page.choose_commune(0)
    assert page.commune == ""
    head = await enter(db, PapersState, await build.account(db, world.commune, Role.COMMUNE_LEADER))
    await head.forget("b7")
    assert head.problem == "forbidden"
