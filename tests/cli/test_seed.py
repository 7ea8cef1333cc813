"""Sample data: the same for the same day, as much as was promised, right in its counters, and nobody real in it."""

import asyncio
import io
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import SQLModel

import models as record
from fieldapp.cli.sample.accounts import SAMPLE_PASSWORD
from fieldapp.cli.sample.households import short_code
from fieldapp.cli.sample.sizes import get_size, read_profiles, visits_by_commune
from fieldapp.cli.seed import seed
from fieldapp.config import settings
from fieldapp.db import Database, use_database
from fieldapp.domain.card_code import parse_typed
from fieldapp.domain.note import holds_identity
from fieldapp.integrations.photo_store import photo_store
from fieldapp.problems import Problem
from fieldapp.reports.team_standing import list_standings
from fieldapp.services import accounts, pull
from fieldapp.services.reconciliation import reconcile
from models.base import utc_now
from tests import build

DAY = date(2026, 11, 20)
SAME_EVERY_TIME = (
    record.Team, record.Seat, record.Household, record.HouseholdCard, record.Visit, record.Outcome, record.Flag,
    record.Review, record.Photo, record.VillageCount, record.CommuneCount, record.HouseholdPlatform, record.Activity,
    record.Difficulty, record.ZaloGroup, record.LogComment, record.DecisionTeam,
)  # fmt: skip


async def rows_of(db: Database, table: type[SQLModel]) -> list[Any]:
    async with db.read() as session:
        return list((await session.execute(select(table.__table__))).all())  # type: ignore[attr-defined]


async def number_of(db: Database, table: type[SQLModel], *conditions: Any) -> int:
    async with db.read() as session:
        return (await session.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one()


async def contents(db: Database) -> dict[str, list[str]]:
    return {t.__name__: sorted(str(row) for row in await rows_of(db, t)) for t in SAME_EVERY_TIME}


@pytest.fixture(scope="module")
def seeded_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the xs sample of DAY in it."""
    folder = tmp_path_factory.mktemp("sample")
    path = Path(shutil.copy(sqlite_template, folder / "sample.sqlite3"))

    async def fill() -> None:
        use_database(database := Database(f"sqlite+aiosqlite:///{path}"))
        await seed("xs", progress=False, today=DAY)
        use_database(None)
        await database.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDAPP_DATA_DIR", str(folder))
        settings.cache_clear()
        asyncio.run(fill())
    return path


@pytest.fixture
async def sample(seeded_file: Path) -> AsyncIterator[Database]:
    """The same database for every test that only reads."""
    database = Database(f"sqlite+aiosqlite:///{seeded_file}")
    yield database
    await database.close()


async def test_two_seeds_of_one_day_are_equal(db: Database, sample: Database) -> None:
    await seed("xs", progress=False, today=DAY)
    first, second = await contents(db), await contents(sample)
    assert [name for name in first if first[name] != second[name]] == []


async def test_xs_holds_what_it_promises(sample: Database) -> None:
    kinds = Counter(u.kind for u in await rows_of(sample, record.Unit) if u.valid_to is None)
    assert kinds == {"province": 1, "commune": 96, "village": 24}
    expected = {record.Team: 27, record.Member: 150, record.Household: 1200, record.Visit: 2000, record.Account: 10}
    assert {table: await number_of(sample, table) for table in expected} == expected
    visits = await rows_of(sample, record.Visit)
    assert {v.state for v in visits} == {str(s) for s in record.VisitState}
    assert all(v.reason_code for v in visits if v.state == record.VisitState.RETURNED)
    assert min(v.done_on for v in visits) >= date(2026, 9, 22)
    assert max(v.done_on for v in visits) == DAY
    flags = {f.kind for f in await rows_of(sample, record.Flag)}
    assert flags >= {"same_day", "no_scan", "keypad", "card_revoked", "photo_seen"}


async def test_the_counters_of_a_sample_are_right_and_its_pictures_can_be_seen(db: Database) -> None:
    await seed("xs", progress=False, today=DAY)
    async with db.write() as session:
        assert (await reconcile(session)).right
    ready = {p.sha256: p for p in await rows_of(db, record.Photo) if p.state == record.PhotoState.READY}
    assert len(ready) == 20
    for sha256, photo in ready.items():
        content = await photo_store().find_picture(sha256)
        assert content is not None
        assert len(content) == photo.bytes <= 200_000
        assert max(Image.open(io.BytesIO(photo.thumbnail)).size) <= 160


async def test_nobody_in_a_sample_is_real(sample: Database) -> None:
    for table in (record.Unit, record.Member, record.Account):
        assert await number_of(sample, table, table.is_sample.is_(False)) == 0
    assert [f.value for f in await rows_of(sample, record.ServerFact) if f.key == "sample"] == ["DỮ LIỆU MẪU"]
    assert {m.phone[:4] for m in await rows_of(sample, record.Member) if m.phone} == {"0000"}
    assert not any(holds_identity(v.note) for v in await rows_of(sample, record.Visit))


async def test_a_second_seed_is_refused_and_changes_nothing(db: Database) -> None:
    await seed("xs", progress=False, today=DAY)
    with pytest.raises(Problem, match="sample_refused"):
        await seed("xs", progress=False, today=DAY)
    assert await number_of(db, record.Visit) == 2000


async def test_sample_officers_sign_in_and_sample_leaders_find_work(db: Database) -> None:
    await seed("xs", progress=False)
    for username in ("tinh", "quantri", "xa.21484", "lanhdao.23293"):
        async with db.read() as session:
            assert await accounts.is_right(await accounts.find_for_sign_in(session, username), SAMPLE_PASSWORD)
    visits = await rows_of(db, record.Visit)
    waiting = Counter(v.village_id for v in visits if v.state == record.VisitState.WAITING)
    leader = await _leader_of(db, waiting.most_common(1)[0][0])
    who = await build.principal(db, leader)
    async with db.read() as session:
        page = await pull.pull(session, who, "")
    assert len(page["households"]) == 50
    assert page["cards"]
    own = [row for row in await rows_of(db, record.PlatformCommune) if row.commune_id == who.commune_id]
    shown = [p for p in page["platforms"] if not p["gone"]]
    assert len(shown) == 15 + len(own), "one is not chosen yet, one is of some communes alone"
    assert any(v["state"] == record.VisitState.WAITING for v in page["visits"])


async def _leader_of(db: Database, village_id: int) -> record.Member:
    async with db.read() as session:
        query = (
            select(record.Member)
            .join(record.Seat, record.Seat.member_id == record.Member.id)
            .join(record.TeamVillage, record.TeamVillage.team_id == record.Seat.team_id)
            .where(record.TeamVillage.village_id == village_id, record.Seat.role == record.SeatRole.LEADER)
        )
        return (await session.execute(query)).scalars().one()


async def test_the_first_village_of_each_commune_has_a_leader_and_a_deputy(sample: Database) -> None:
    seats = await rows_of(sample, record.Seat)
    roles = {(s.team_id, s.role) for s in seats}
    served = {s.village_id: s.team_id for s in await rows_of(sample, record.TeamVillage) if s.valid_to is None}
    units = [u for u in await rows_of(sample, record.Unit) if u.valid_to is None]
    villages = [u for u in units if u.kind == record.UnitKind.VILLAGE]
    assert all((served[v.id], record.SeatRole.LEADER) in roles for v in villages)
    first = [v for v in villages if v.code.endswith("-01")]
    assert len(first) == 3
    assert all((served[v.id], record.SeatRole.DEPUTY) in roles for v in first)


async def test_nothing_in_a_sample_happened_in_the_future_or_was_decided_by_its_author(db: Database) -> None:
    await seed("xs", progress=False)
    now = utc_now()
    for visit in await rows_of(db, record.Visit):
        assert visit.made_at <= visit.received_at <= now
        assert visit.decided_at is None or visit.received_at <= visit.decided_at <= now
        assert visit.decided_by_id != visit.author_id


def test_the_larger_sizes_are_those_of_the_province() -> None:
    m, large = get_size("m"), get_size("l")
    profiles = read_profiles(m)
    assert (len(profiles), sum(p.villages for p in profiles)) == (96, 1611)
    assert sum(visits_by_commune(m, profiles).values()) == 60_000
    assert sum(p.households for p in profiles if p.code in m.filled) == 26_771
    assert sum(visits_by_commune(large, read_profiles(large)).values()) == 800_000
    with pytest.raises(Problem, match="invalid"):
        get_size("xxl")


def test_short_codes_of_sample_cards_never_repeat() -> None:
    codes = [short_code(21484 * 100_000 + n) for n in range(20_000)]
    assert len(set(codes)) == len(codes)
    assert all(parse_typed(code) == code for code in codes)


async def test_sample_teams_did_more_than_visits(sample: Database) -> None:
    activities = await rows_of(sample, record.Activity)
    difficulties, steps = await rows_of(sample, record.Difficulty), await rows_of(sample, record.DifficultyStep)
    groups = await rows_of(sample, record.ZaloGroup)
    assert min(len(activities), len(difficulties), len(groups)) > 0
    last = {step.difficulty_id: step.state for step in sorted(steps, key=lambda step: step.at)}
    assert {difficulty.id: difficulty.state for difficulty in difficulties} == last
    assert len({group.village_id for group in groups}) == len(groups)
    assert all(group.stands for group in groups)
    assert not any(holds_identity(difficulty.description) for difficulty in difficulties)


async def test_sample_leaders_said_something_of_days_on_which_there_was_work(sample: Database) -> None:
    comments, visits = await rows_of(sample, record.LogComment), await rows_of(sample, record.Visit)
    worked = {(visit.author_id, visit.village_id, visit.done_on) for visit in visits}
    assert {bool(comment.answer) for comment in comments} == {True, False}
    assert all((comment.member_id, comment.village_id, comment.day) in worked for comment in comments)
    assert not any(comment.author_id == comment.member_id or holds_identity(comment.text) for comment in comments)


async def test_sample_teams_have_kinds_and_most_of_them_a_decision(sample: Database) -> None:
    async with sample.read() as session:
        standing = (await list_standings(session, DAY)).values()
        unsaid = (
            await session.execute(select(func.count()).where(record.Seat.__table__.c.kind.is_(None)))
        ).scalar_one()
    villages = [team for team in standing if team.level == record.TeamLevel.VILLAGE]
    assert unsaid == 0
    assert sum(not team.warnings for team in villages) > 2, "some teams are full"
    assert any("no_deputy" in [w.kind for w in team.warnings] for team in villages)
    decided = [team for team in standing if team.decision]
    assert len(standing) / 2 < len(decided) < len(standing)
