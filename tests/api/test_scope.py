"""Nobody reads a row outside their reach: random people over random data ask every GET route there is.

Every name and note carries the number of its village, so that a leak shows in the bytes of an answer, whatever its
form. Who may see which village is worked out here from the seats that were dealt out, not asked of the product.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import SQLModel

from fieldapp.api.app import create_api
from fieldapp.api.identity import SLOT_HEADER, cookie_name
from fieldapp.db import Database
from fieldapp.domain.vn_time import vn_day
from models.account import Account, Role
from models.household import Household
from models.member import Member
from models.team import Seat, SeatRole, Team
from models.unit import Unit
from models.visit import Photo, PhotoState
from tests import build
from tests.conftest import ORIGIN
from tests.house.test_doors import ROUTES
from tests.recordings import mp3
from tests.services.test_narrations import add

MARK = re.compile(r"~([VCP])(\d+)~")
API = "/api/v1"
PHOTO = "b" * 64
OFFICERS = (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER, Role.PROVINCE_OFFICER, Role.PARTNER, Role.ADMIN)
KINDS = ("csv", "xlsx")
ASKED = {"/healthz", "/readyz", "/browser/", "/h/{code}", "/H/{code}", f"{API}/sessions", f"{API}/sync/pull"}
ASKED |= {f"{API}/rescues/seal", f"{API}/notices", f"{API}/visits/{{visit_id}}/photos/{{sha256}}"}
ASKED |= {f"{API}/exports/summary.{{kind}}", f"{API}/exports/visits.{{kind}}", f"{API}/narrations/{{narration_id}}"}
ASKED |= {f"{API}/exports/{name}.{{kind}}" for name in ("audit", "consents", "register", "household", "incident")}
ASKED |= {f"{API}/exports/class.{{kind}}", f"{API}/teams/{{team_id}}/cards"}
ASKED |= {f"{API}/units", f"{API}/imports/template/{{kind}}.xlsx", f"{API}/decisions/{{decision_id}}/file"}
ASKED |= {f"{API}/materials/{{material_id}}/file"}
ASKED |= {f"{API}/decisions/draft", f"{API}/provider", f"{API}/provider/begin", f"{API}/provider/answer"}
ASKED |= {f"{API}/papers/{name}.{{file}}" for name in ("b4", "b5", "b6", "b7", "report")}
ASKED |= {f"{API}/papers/templates/{{paper}}.docx", f"{API}/bundles/{{bundle_id}}/file"}
ASKED |= {f"{API}/open/{name}.{{kind}}" for name in ("summary", "platforms")} | {f"{API}/calendar/{{secret}}.ics"}
ASKED |= {f"{API}/partners/{{secret}}"}
DESK_PATHS = (
    "units", "imports/template/households.xlsx", "decisions/1/file", "materials/1/file", "teams/1/cards",
    "decisions/draft?level=village",
    "provider",
    "provider/begin", "provider/answer?code=x&state=y",
    "papers/b4.xlsx", "papers/b6.xlsx?first=2026-01-01&last=2026-12-31", "papers/b7.xlsx",
    "papers/b5.xlsx?first=2026-10-01&last=2026-12-31&measure=household",
    "papers/report.xlsx?report=018f0000-0000-7000-8000-000000000000", "papers/templates/b4.docx", "bundles/1/file",
    "open/summary.csv", "open/platforms.csv", f"calendar/{'x' * 43}.ics",
    f"partners/{'x' * 43}",
)  # fmt: skip


@dataclass
class Land:
    """Two communes of two villages. `seats` tells who serves where, `led` who leads there."""

    province: Unit
    villages: list[Unit] = field(default_factory=list)
    commune_of: dict[int, int] = field(default_factory=dict)
    teams: list[tuple[Team, set[int]]] = field(default_factory=list)
    homes: dict[int, Household] = field(default_factory=dict)
    visits: list[tuple[str, int, int]] = field(default_factory=list)
    narrations: dict[str, int] = field(default_factory=dict)
    seats: dict[int, set[int]] = field(default_factory=dict)
    led: dict[int, set[int]] = field(default_factory=dict)


async def lay(db: Database) -> Land:
    await build.platform(db, "VNEID")
    land = Land(await build.province(db))
    for number in (1, 2):
        commune = await build.commune(db, land.province, code=f"2117{number}", name=f"Xã {number}")
        mine = []
        for place in (1, 2):
            village = await build.village(db, commune, code=f"2117{number}00{place}", name=f"Thôn {number}{place}")
            assert village.id
            assert commune.id
            home = await build.household(db, village, "1", head_name=f"~V{village.id}~")
            land.homes[village.id], land.commune_of[village.id] = home, commune.id
            land.teams.append((await build.team(db, commune, village), {village.id}))
            mine.append(village)
        land.teams.append((await build.team(db, commune), {v.id or 0 for v in mine}))
        land.villages += mine
        officer = await build.account(db, commune, Role.COMMUNE_OFFICER, username=f"narrator{number}")
        narration = await add(db, officer, mp3(), title=f"~C{commune.id}~")
        land.narrations[str(narration.id)] = commune.id
    return land


async def settle(db: Database, land: Land, postings: list[tuple[int, SeatRole]]) -> Member:
    """A member with these seats, who visited a household, with a photo, in every village that they give."""
    member = await build.member(db, None, "~P0~")
    assert member.id
    async with db.write() as session:
        for index, role in postings:
            team, served = land.teams[index]
            session.add(Seat(team_id=team.id, member_id=member.id, role=role, valid_from=build.SINCE))
            land.seats.setdefault(member.id, set()).update(served)
            if role != SeatRole.MEMBER:
                land.led.setdefault(member.id, set()).update(served)
    for village in sorted(land.seats[member.id]):
        photo = {"sha256": PHOTO, "bytes": 9, "type": "image/jpeg"}
        visit = build.visit(member, land.homes[village], note=f"~V{village}~", photos=[photo])
        [answer] = await build.send(db, member, visit)
        assert answer["result"] == "created"
        land.visits.append((visit["id"], village, member.id))
    return member


def visible(land: Land, who: Member | Account) -> set[int]:
    """Villages whose visits and households this person may read, by hand."""
    if isinstance(who, Member):
        return land.seats[who.id or 0]
    if who.role in (Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER):
        return {village for village, commune in land.commune_of.items() if commune == who.unit_id}
    return set()


def counted(land: Land, who: Member | Account) -> set[int]:
    """Villages and communes whose numbers this person may read."""
    if isinstance(who, Account) and who.role == Role.PARTNER:
        return set()
    if isinstance(who, Account) and who.unit_id == land.province.id:
        return {*land.commune_of, *land.commune_of.values(), land.province.id or 0}
    own = {who.unit_id} if isinstance(who, Account) else set()
    return visible(land, who) | own


def heard(land: Land, who: Member | Account) -> set[int]:
    """Communes whose spoken guides this person may hear."""
    if isinstance(who, Member):
        return {land.commune_of[village] for village in land.seats[who.id or 0]}
    return {who.unit_id} if who.role == Role.COMMUNE_OFFICER else set()


def text_of(answer: httpx.Response) -> str:
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return answer.text


async def read_all(client: httpx.AsyncClient, land: Land) -> list[tuple[str, int | None, httpx.Response]]:
    """Every GET route, about everything that there is: (what, the village or unit asked about, the answer)."""
    today = vn_day(datetime.now(UTC)).isoformat()
    answers: list[tuple[str, int | None, httpx.Response]] = []
    cursor, more = "", True
    while more:
        page = await client.get(f"{API}/sync/pull", params={"cursor": cursor})
        answers.append(("pull", None, page))
        more = page.status_code == 200 and page.json()["more"]
        cursor = page.json().get("cursor", "")
    for path in ("/healthz", "/readyz", "/browser/", "/h/ABC", "/H/ABC", f"{API}/sessions", f"{API}/rescues/seal"):
        answers.append(("plain", None, await client.get(path)))
    for kind in KINDS:
        answers.append(("visits", None, await client.get(f"{API}/exports/visits.{kind}")))
        for unit in [land.province.id, *land.commune_of, *set(land.commune_of.values())]:
            days = {"unit": str(unit), "first": f"{today[:8]}01", "last": today}
            if today[8:] > "01":
                answers.append(("summary", unit, await client.get(f"{API}/exports/summary.{kind}", params=days)))
        for village in land.commune_of:
            asked = await client.get(f"{API}/exports/visits.{kind}", params={"village": str(village)})
            answers.append(("visits", None, asked))
        for name in ("audit", "consents", "register", "household?request=1", "incident?incident=1"):
            path, _, query = name.partition("?")
            what = "audit" if name == "audit" else "desk"
            answers.append((what, None, await client.get(f"{API}/exports/{path}.{kind}?{query}")))
    for path in DESK_PATHS:
        answers.append(("desk", None, await client.get(f"{API}/{path}")))
    return answers


PEOPLE = st.lists(
    st.dictionaries(st.integers(0, 5), st.sampled_from(list(SeatRole)), min_size=1, max_size=3), min_size=2, max_size=4
)


@settings(
    max_examples=4, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(crew=PEOPLE, office=st.sampled_from(OFFICERS), at=st.integers(0, 1))
async def test_nobody_reads_a_row_outside_their_reach(
    db: Database, crew: list[dict[int, SeatRole]], office: Role, at: int
) -> None:
    await _wipe(db)
    land = await lay(db)
    people: list[Any] = [await settle(db, land, list(seats.items())) for seats in crew]
    async with db.write() as session:
        await session.execute(
            update(Photo.__table__).values(state=PhotoState.READY, thumbnail=b"thumb", width=1, height=1)
        )
    communes = sorted(set(land.commune_of.values()))
    unit = communes[at] if "commune" in office else land.province.id
    people.append(await build.account(db, Unit(id=unit, code="x", name="x"), office, username="officer"))  # type: ignore
    for who in people:
        await _ask_everything(db, land, who)


async def _ask_everything(db: Database, land: Land, who: Any) -> None:
    slot = "desk" if isinstance(who, Account) else "p0"
    transport = httpx.ASGITransport(create_api())
    headers = {"Origin": ORIGIN, SLOT_HEADER: slot}
    cookies = {cookie_name(slot): await build.sign_in(db, who)}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies) as client:
        for what, unit, answer in await read_all(client, land):
            assert answer.status_code < 500
            marks = MARK.findall(text_of(answer))
            seen = {int(number) for kind, number in marks if kind == "V"}
            assert seen <= visible(land, who), (what, unit, answer.request.url)
            # A commune reads in its audit what its guides are called.
            told = {who.unit_id} if what == "audit" and isinstance(who, Account) else heard(land, who)
            assert {int(number) for kind, number in marks if kind == "C"} <= told, answer.request.url
            if what == "summary":
                assert (answer.status_code == 200) == (unit in counted(land, who)), (unit, answer.text)
        for visit, village, author in land.visits:
            answer = await client.get(f"{API}/visits/{visit}/photos/{PHOTO}?size=thumb")
            assert (answer.status_code == 200) == _may_see_photo(land, who, village, author)

        given = {commune: await client.get(f"{API}/narrations/{id_}") for id_, commune in land.narrations.items()}
        open_to = {commune for commune, answer in given.items() if answer.status_code == 200}
        assert open_to <= heard(land, who)
        assert bool(open_to) == bool(heard(land, who))


def _may_see_photo(land: Land, who: Any, village: int, author: int) -> bool:
    if isinstance(who, Account):
        return village in visible(land, who)
    return author == who.id or village in land.led.get(who.id or 0, set())


async def _wipe(db: Database) -> None:
    """One database for all examples: each begins with it empty."""
    async with db.write() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            # Nobody takes anything out of the audit, and it points at nothing.
            if table.name not in ("server_fact", "audit_event"):
                await session.execute(table.delete())


def test_every_get_route_is_asked() -> None:
    assert {path for method, path in ROUTES if method == "GET"} == ASKED
