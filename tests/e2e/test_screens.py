"""Every screen, in light and dark, small and wide: axe finds nothing, at the desk nothing serious; none is too wide.

With SCREENS=1 the pictures under docs/screens are taken anew. The phone in all its ways is in `test_looks.py`.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import select

from fieldapp.cli.seed import SAMPLE_PASSWORD, seed
from fieldapp.config import ROOT
from fieldapp.db import Database
from fieldapp.permissions import Principal
from fieldapp.services.members import get_first_leader
from fieldapp.services.push import receive
from models.account import Role
from models.household import Household
from models.member import Member
from models.unit import Unit
from models.visit import Visit, VisitState
from tests import build
from tests.e2e.people import DESK, PHONE, PICTURES, Person, launch
from tests.e2e.stage import Server, invitation

UNITS, VISITS = Unit.__table__, Visit.__table__
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE_SCREENS = {
    "today": "/m/",
    "households": "/m/households/",
    "household": "/m/household/?id={household}",
    "scan": "/m/scan/",
    "outbox": "/m/outbox/",
    "review": "/m/review/",
    "team": "/m/team/",
    "gaps": "/m/gaps/",
    "report": "/m/report/",
    "texts": "/m/texts/",
    "guides": "/m/guides/",
    "guide": "/m/guides/#VNEID",
    "members": "/m/members/",
    "logs": "/m/logs/",
    "activities": "/m/activities/",
    "difficulties": "/m/difficulties/",
    "group": "/m/group/",
    "targets": "/m/targets/",
    "period": "/m/period/",
    "me": "/m/me/",
    "join": "/m/join/",
}
DESK_SCREENS = {
    "overview": "/desk/",
    "sorting": "/desk/sorting/",
    "visits": "/desk/visits/",
    "activities": "/desk/activities/",
    "difficulties": "/desk/difficulties/",
    "targets": "/desk/targets/",
    "tasks": "/desk/tasks/",
    "papers": "/desk/papers/",
    "teams": "/desk/teams/",
    "decisions": "/desk/decisions/",
    "register": "/desk/register/",
    "units": "/desk/units/",
    "search": "/desk/search/?q=a",
    "households": "/desk/households/",
    "cards": "/desk/cards/",
    "import": "/desk/import/",
    "announcements": "/desk/announcements/",
    "materials": "/desk/materials/",
    "contacts": "/desk/contacts/",
    "guides": "/desk/guides/",
    "rights": "/desk/rights/",
    "incidents": "/desk/incidents/",
    "sessions": "/desk/sessions/",
}
PARTS = {"Cần xem lại": "look", "Chưa ai duyệt": "left", "Nhật ký": "log"}
LOOKS = [("light", PHONE), ("dark", PHONE), ("light", DESK), ("dark", DESK)]


@pytest.fixture
def sample(server: Server) -> int:
    """The small sample; gives a leader of it."""

    async def fill(_: Database) -> None:
        await seed("xs", progress=False)

    async def leader(db: Database) -> int:
        async with db.read() as session:
            return await get_first_leader(session)

    server.do(fill)
    server.do(leave_work)
    return server.do(leader)


async def leave_work(db: Database) -> None:
    """Something of each kind for the commune to sort: held records, a visit to look at again, visits that lie."""
    async with db.write() as session:
        code = (await session.execute(select(UNITS.c.id).where(UNITS.c.code == "21484"))).scalar_one()
        visits = (await session.execute(select(Visit).where(VISITS.c.commune_id == code).limit(40))).scalars().all()
        long_ago = datetime(2025, 1, 2, 3, tzinfo=UTC)
        for visit in visits[:2]:
            household = await session.get_one(Household, visit.household_id)
            author = await session.get_one(Member, visit.author_id)
            record = build.visit(author, household, "VNEID", "DVC", made_at=build.millis(long_ago), people=2)
            who = Principal(Role.MEMBER, "", member_id=author.id)
            await receive(session, who, None, datetime.now(UTC), [record])
        approved = [v for v in visits if v.state == VisitState.APPROVED][:2]
        waiting = [v for v in visits if v.state != VisitState.APPROVED][:3] or visits[-3:]
        for visit in approved:
            visit.needs_look = True
        for visit in waiting:
            visit.state, visit.received_at = VisitState.WAITING, long_ago


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    running = launch(playwright)
    yield running
    running.close()


def faults(page: Page, strict: bool) -> list[str]:
    """Findings of axe, a line each: all of them, or the serious and critical ones."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    heard = [v for v in found["violations"] if strict or v["impact"] in ("serious", "critical")]
    return [f"{v['id']}: {node['html'][:120]}" for v in heard for node in v["nodes"][:3]]


def look_at(page: Page, name: str, theme: str, size: dict[str, int]) -> list[str]:
    """Checks one screen in one look, and keeps its picture where asked to."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    found = [f"{name} {theme} {size['width']}: {fault}" for fault in faults(page, name.startswith("phone-"))]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        found.append(f"{name} {theme} {size['width']}: {wide} px wider than the screen")
    if os.environ.get("SCREENS"):
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}-{theme}-{size['width']}.png")
    return found


def test_phone_screens_are_accessible_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    leader = Person.arrive(browser, server.origin, permissions=["camera"])
    leader.join(invitation(server, sample))
    leader.open("/m/households/")
    leader.page.locator(".line").first.click()
    expect(leader.button("Ghi nhận hỗ trợ")).to_be_visible()
    household = leader.page.url.split("id=")[1]
    found = look_around(leader, household, "phone", LOOKS)
    if os.environ.get("SCREENS"):
        leader.open(PHONE_SCREENS["me"])
        leader.button("Rất lớn").click()
        found += look_around(leader, household, "phone-largest", LOOKS[:2])
    assert not found, "\n".join(found)
    assert leader.errors == []


def look_around(leader: Person, household: str, name: str, looks: list[tuple[str, dict[str, int]]]) -> list[str]:
    """Every phone screen, and the one that a visit is recorded on."""
    found = []
    for screen, path in PHONE_SCREENS.items():
        leader.open(path.format(household=household))
        expect(leader.page.locator("h1, h2").first).to_be_visible()
        leader.page.wait_for_load_state("networkidle")
        for theme, size in looks:
            found += look_at(leader.page, f"{name}-{screen}", theme, size)
    leader.open(PHONE_SCREENS["household"].format(household=household))
    leader.button("Ghi nhận hỗ trợ").click()
    tile = leader.page.locator(".tile").first
    if tile.get_attribute("aria-pressed") != "true":
        tile.click()
        leader.page.locator(".chip").first.click()
    for theme, size in looks:
        found += look_at(leader.page, f"{name}-record", theme, size)
    return found


def test_desk_screens_are_accessible_in_every_look(server: Server, browser: Browser, sample: int) -> None:
    desk = Person.arrive(browser, server.origin, DESK)
    found = []
    desk.open("/")
    for theme, size in LOOKS:
        found += look_at(desk.page, "desk-sign-in", theme, size)
    sign_in(desk, "xa.21484")
    for name, path in DESK_SCREENS.items():
        desk.open(path)
        expect(desk.page.locator(".desk-main h1")).to_be_visible()
        desk.page.wait_for_load_state("networkidle")
        for theme, size in LOOKS:
            found += look_at(desk.page, f"desk-{name}", theme, size)
        if name == "sorting":
            found += look_at_the_rest(desk)
    sign_in(desk, "tinh")
    for theme, size in LOOKS:
        found += look_at(desk.page, "desk-province", theme, size)
    assert not found, "\n".join(found)
    assert desk.errors == []


def look_at_the_rest(desk: Person) -> list[str]:
    """The other parts of what the commune sorts, and a visit's panel with the form that reopens it."""
    found = []
    for part in ("Cần xem lại", "Chưa ai duyệt", "Nhật ký"):
        desk.button(re.compile(part)).click()
        expect(desk.button(re.compile(part))).to_have_attribute("aria-pressed", "true")
        for theme, size in LOOKS:
            found += look_at(desk.page, f"desk-sorting-{PARTS[part]}", theme, size)
    desk.button(re.compile("Cần xem lại")).click()
    desk.page.locator("li.panel .link").first.click()
    expect(desk.page.locator(".side-panel")).to_be_visible()
    desk.page.locator(".side-panel details summary").click()
    return found + [fault for look in LOOKS for fault in look_at(desk.page, "desk-sorting-panel", *look)]


def sign_in(desk: Person, username: str) -> None:
    desk.context.clear_cookies()
    desk.open("/")
    desk.page.get_by_label("Tên đăng nhập").fill(username)
    desk.page.get_by_label("Mật khẩu").fill(SAMPLE_PASSWORD)
    desk.button("Đăng nhập").click()
    expect(desk.page.locator(".figure").first).to_be_visible(timeout=30_000)
